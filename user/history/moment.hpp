// SPDX-License-Identifier: BSD-2-Clause
// Points in time, as nanoseconds of CLOCK_REALTIME, and how people write them.
#pragma once

#include <cstdint>
#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::history {

std::int64_t calendar_now();

/// Returns it as ISO 8601 in UTC, to the microsecond.
std::string calendar_time(std::int64_t time_ns);

/// Returns what somebody means by a time: "90s", "15m", "3h" or "9d" before now, "2026-11-28", "2026-11-28
/// 19:30" or "2026-11-28T19:30:05.25Z" in UTC, and "19:30" or "19:30:05" for the last time that a clock in
/// UTC said so.
Result<std::int64_t> parse_moment(const std::string& text, std::int64_t now);

}  // namespace vrrp_xdp::history

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

/// Returns a time of the boot clock as ISO 8601 in UTC, to the second.
std::string calendar_time(protocol::TimePoint when);
/// The same of the machine's clock.
std::string calendar_time(std::chrono::system_clock::time_point when);

}  // namespace vrrp_xdp::net

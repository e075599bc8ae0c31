// SPDX-License-Identifier: BSD-2-Clause
// Numbers as keepalived writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/types.hpp"

namespace vrrp_xdp::keepalived {

/// A decimal number, leading zeros and a sign allowed; nothing if it is none or has more than nine digits.
std::optional<std::int64_t> number_in(std::string_view text);

/// Seconds with decimals, at most nine digits before the point: "2.71828". Finer ones than a nanosecond are
/// left out.
std::optional<protocol::Duration> seconds_in(std::string_view text);

/// The same from 0 to 3600, rounded to a millisecond.
std::optional<protocol::Duration> delay_in(std::string_view text);

/// on|off|true|false|yes|no; nothing at all means on.
std::optional<bool> flag_in(std::string_view text);

}  // namespace vrrp_xdp::keepalived

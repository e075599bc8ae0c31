// SPDX-License-Identifier: BSD-2-Clause
// Numbers as keepalived 2.2.7 reads them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "protocol/types.hpp"

namespace vrrp_xdp::keepalived {

/// Returns a decimal number, leading zeros, white space and a sign allowed; nothing if it is none or has more
/// than nine digits.
std::optional<std::int64_t> number_in(std::string_view text);

/// Returns the number that the text begins with, 0 if it begins with none, as keepalived reads most numbers;
/// nothing if it is not from least to most.
std::optional<std::int64_t> leading_number(std::string_view text, std::int64_t least, std::int64_t most);

/// Returns seconds with decimals, rounded to a microsecond; nothing if they are not from least to most. What
/// has letters behind it, as in "5s", counts in microseconds.
std::optional<protocol::Duration> seconds_in(std::string_view text, protocol::Duration least,
                                             protocol::Duration most);

/// Parses on|off|true|false|yes|no; an empty text means on.
std::optional<bool> flag_in(std::string_view text);

}  // namespace vrrp_xdp::keepalived

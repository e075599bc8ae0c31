// SPDX-License-Identifier: BSD-2-Clause
// States, families and durations in the words that people and programs read.
#pragma once

#include <string>

#include "protocol/state_machine.hpp"

namespace vrrp_xdp::protocol {

/// Returns "initialize", "backup" or "active".
std::string to_string(State state);

/// Returns "ipv4" or "ipv6".
std::string to_string(Family family);

/// Returns whole seconds as "3s", and everything else as "2.5ms".
std::string to_string(Duration duration);

/// Returns milliseconds, for JSON fields whose names end in -ms.
double milliseconds(Duration duration);

}  // namespace vrrp_xdp::protocol

// SPDX-License-Identifier: BSD-2-Clause
// The clsact hook of an interface, which other software may use too.
#pragma once

#include <cstdint>

#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

enum class Direction { Ingress, Egress };

/// Whether a clsact qdisc had to be made; who made it removes it.
enum class Qdisc { Made, Found };

Result<Qdisc> open_clsact(unsigned interface_index);

/// Adds the program as a direct-action filter under a priority of ours, in place of the one that is there.
Result<void> add_filter(unsigned interface_index, Direction direction, int program_fd);

/// Returns the id of the program of our filter in this direction; 0 if there is none. Makes a system call.
std::uint32_t filter_program(unsigned interface_index, Direction direction);

/// Takes ours out of this direction, if it is there.
void remove_filter(unsigned interface_index, Direction direction);

/// Takes our filters out, if they are there.
void remove_filters(unsigned interface_index);

/// Removes the qdisc unless somebody else's filter hangs on it.
void close_clsact(unsigned interface_index);

}  // namespace vrrp_xdp::dataplane

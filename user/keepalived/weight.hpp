// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// What something that is tracked does to the priority: 0 is a fault while it is down, a positive weight is
/// added while it is up, a negative one while it is down; reverse turns up and down round.
struct Weight {
    int value = 0;
    bool reverse = false;
};

/// "weight N [reverse|noreverse]" behind the name of a line, or as a directive of its own. Nothing if the
/// line says nothing of it, or, after telling, if N is no weight.
std::optional<Weight> read_weight(const Directive& line, Notes& notes);

}  // namespace vrrp_xdp::keepalived

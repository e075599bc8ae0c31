// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"
#include "keepalived/tracked.hpp"

namespace vrrp_xdp::keepalived {

/// What something that is tracked does to the priority: 0 is a fault while it is down, a positive weight is
/// added while it is up, a negative one while it is down; reverse turns the sign of what is added round, and
/// the fault into one while it is up.
struct Weight {
    int value = 0;
    bool reverse = false;
    friend bool operator==(const Weight&, const Weight&) = default;
};

/// Returns what the block of a definition says, the default of its kind where it says nothing.
Weight weight_of(Tracked tracked, const Directive& block, Notes& notes);

/// Returns what a line of track_interface, track_script and so on means: "NAME [weight N
/// [reverse|noreverse]]". otherwise: what the definition has. Nothing, after telling, where keepalived
/// ignores the line.
std::optional<Weight> weight_on(Tracked tracked, const Directive& line, Weight otherwise, Notes& notes);

}  // namespace vrrp_xdp::keepalived

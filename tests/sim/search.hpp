// SPDX-License-Identifier: BSD-2-Clause
// Every schedule of a few disturbances, one after the other.
//
// A world cannot be copied, and so each schedule runs from the start: the ways in which it differs from the
// one in which nothing happens are replayed, and each alternative that turns up behind the last of them
// becomes another schedule. A schedule ends in a state in which an earlier one was with as many disturbances
// left. As times count from now, states repeat once a network is well: there is no horizon.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/state_machine.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::sim {

enum class Disturbances {
    OfRouters,               ///< crash, stall and stop; the network delivers everything
    OfRoutersAndTheNetwork,  ///< and frames are lost, late or come back, and links are cut in one direction
};

/// Whether something may begin or end where nothing happens by itself, each half interval.
enum class Halves { Too, No };

struct Bound {
    std::vector<protocol::Parameters> routers;  ///< of one interval
    Disturbances kind{};
    Halves halves{};
    unsigned disturbances = 0;  ///< in a schedule; what ends one counts as none
};

struct Found {
    std::size_t states = 0;
    std::size_t schedules = 0;
    std::size_t longest = 0;         ///< schedule, in instants
    protocol::Duration together{};   ///< the longest that two answer after the last disturbance
    protocol::Duration unsettled{};  ///< the longest from the last disturbance until exactly one answers
    std::optional<std::string> violation;
};

/// Stops at the first violation, of which it prints each step.
Found search(const Bound& bound);

/// How long a frame is on its way: any, and one that is late.
protocol::Duration usual_delay(const Bound& bound);
protocol::Duration late_delay(const Bound& bound);

}  // namespace vrrp_xdp::sim

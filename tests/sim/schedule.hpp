// SPDX-License-Identifier: BSD-2-Clause
// What a seed stands for: routers, their faults, and when everything is well again.
#pragma once

#include <cstdint>
#include <vector>

#include "random.hpp"
#include "world.hpp"

namespace vrrp_xdp::sim {

enum class Kind {
    HostileNetwork_AllPreempt,  ///< loss, delay, reordering, duplication, damage, partitions, and every fault
    HostileNetwork_AnyPreempt,  ///< the same, with Preempt_Mode false here or everywhere
    FaultyRouters,              ///< crash, stall and sends that fail, on a network that only delays a little
    OrderlyRouters,             ///< the same network, and routers that only start and stop as they should
    DrainedRouters,             ///< the same network, and routers that are drained; some also stop and crash
};

struct Schedule {
    std::vector<protocol::Parameters> parameters;
    Duration max_delay{};  ///< on a network that is well
    Duration interval{};   ///< the longest
    TimePoint healed{};    ///< no fault from here on
    TimePoint settled{};   ///< one router must be Active from here on
    TimePoint end{};
    bool only_drains = false;  ///< nothing else happens to any router: there is no reason for an outage
};

/// The part of a schedule that a seed's routers decide.
Schedule draw_schedule(Random& random, Kind kind);

/// Lets happen in world whatever is to happen.
void enact(const Schedule& schedule, Kind kind, Random& random, World& world);

}  // namespace vrrp_xdp::sim

// SPDX-License-Identifier: BSD-2-Clause
// What all trackers of a Virtual Router together mean to it, as a pure function.
#pragma once

#include "config/config.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::tracking {

struct Effect {
    protocol::Priority priority;  ///< the effective one: the owner's as it is configured, else 1 to 254
    bool faulted;                 ///< the Virtual Router must not take part at all

    friend bool operator==(const Effect&, const Effect&) = default;
};

/// How a tracker that has found out nothing yet is taken.
enum class Unknown { IsUp, IsDown };

Effect combine(const config::VirtualRouter& router, const Findings& findings, Unknown unknown);

}  // namespace vrrp_xdp::tracking

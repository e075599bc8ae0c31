// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <span>
#include <vector>

#include "elections/reconfiguration.hpp"
#include "engine/fencing_plan.hpp"

namespace vrrp_xdp::engine {

/// What the protocol thread does to go over to another configuration: what its elections do, and the fencing
/// plan of that configuration.
struct Reconfiguration : elections::Reconfiguration {
    std::vector<std::span<guardian::FencingEntry>> fencing_entries;  ///< by place in the list of interfaces
    FencingPlan* fencing_plan = nullptr;
};

}  // namespace vrrp_xdp::engine

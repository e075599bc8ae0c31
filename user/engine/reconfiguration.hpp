// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/fencing_plan.hpp"
#include "engine/managed_interface.hpp"

namespace vrrp_xdp::engine {

/// What the protocol thread does to go over to another configuration. All that takes its time has been done
/// when it is told.
struct Reconfiguration {
    /// One interface.
    struct Part {
        /// In place of what there is, or the first of this place; null if it stays as it is, or goes.
        ManagedInterface* next = nullptr;
        bool leaves = false;
        std::span<guardian::FencingEntry> fencing_entries;  ///< its own from then on, in the new testament
    };
    std::vector<Part> parts;  ///< by place in the list of interfaces, which may have grown
    FencingPlan* fencing_plan = nullptr;
};

}  // namespace vrrp_xdp::engine

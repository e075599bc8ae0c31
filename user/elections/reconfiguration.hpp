// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

namespace vrrp_xdp::elections {

struct Interface;

/// What elections do to go over to another configuration. All that takes its time has been done when they are
/// told.
struct Reconfiguration {
    /// One interface.
    struct Part {
        /// In place of what there is, or the first of this place; null if it stays as it is, or goes.
        Interface* next = nullptr;
        bool leaves = false;
    };
    std::vector<Part> parts;  ///< by place in the list of interfaces, which may have grown
};

}  // namespace vrrp_xdp::elections

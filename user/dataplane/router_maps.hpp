// SPDX-License-Identifier: BSD-2-Clause
// Virtual Routers in the maps that the programs look them up in.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "dataplane/attached_port.hpp"
#include "support/result.hpp"

struct vrrp_xdp_bpf;

namespace vrrp_xdp::dataplane {

/// Where Virtual Routers are in the arrays.
struct Slots {
    std::vector<std::uint32_t> by_router;  ///< by place in the list of Virtual Routers
    std::set<std::uint32_t> kept;          ///< those that were in the maps already, from an instance before
};

/// Finds a slot for each: its own if it is in the maps already, else a free one. Changes nothing. Fails if
/// they, or their addresses, are more than fit.
Result<Slots> assign_slots(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers);

/// Makes the maps hold these and no others. What was there and stays is not missing for a single frame.
Result<void> enter(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers,
                   const Slots& slots);

/// Enters what the maps do not have yet, and leaves all else as it is.
Result<void> add(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers,
                 const Slots& slots);

/// Brings what the maps hold of one up to date.
void enter_again(const vrrp_xdp_bpf& skeleton, const VirtualRouter& virtual_router, std::uint32_t slot);

/// Takes one out again.
void withdraw(const vrrp_xdp_bpf& skeleton, const VirtualRouter& virtual_router);

}  // namespace vrrp_xdp::dataplane

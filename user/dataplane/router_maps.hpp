// SPDX-License-Identifier: BSD-2-Clause
// Virtual Routers in the maps that the programs look them up in.
#pragma once

#include <span>

#include "dataplane/port.hpp"
#include "support/result.hpp"

struct vrrp_xdp_bpf;

namespace vrrp_xdp::dataplane {

/// Enters all of them, each under the slot that is its place in the list. Fails if they are more than fit.
Result<void> enter(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers);

/// Takes one out again.
void withdraw(const vrrp_xdp_bpf& skeleton, const VirtualRouter& virtual_router);

}  // namespace vrrp_xdp::dataplane

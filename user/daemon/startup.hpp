// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/placement.hpp"
#include "protocol/types.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::daemon {

/// Says in the journal which advertisements will not fit into the MTU.
void warn_of_large_advertisements(const std::vector<engine::PortPlan>& plans);

/// Takes an interface that is attached and open.
using AddInterface = std::function<Result<void>(std::unique_ptr<engine::ManagedInterface> interface)>;

/// Attaches to all of these ports, in place of the instance that runs there, and gives their interfaces to
/// add, in order. All that takes its time is done before any running instance stops. startup_delay: before
/// the first election of an interface that does not go on from another instance.
Result<void> open_ports(const std::vector<engine::PortPlan>& plans, protocol::Duration startup_delay,
                        const AddInterface& add);

}  // namespace vrrp_xdp::daemon

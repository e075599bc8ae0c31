// SPDX-License-Identifier: BSD-2-Clause
// From the interfaces of a configuration to the ports that programs are attached to.
#pragma once

#include <string>
#include <vector>

#include "controller/managed_interface.hpp"

namespace vrrp_xdp::controller {

/// The interfaces that come in at one port, which is at least one.
struct PortPlan {
    std::string name;
    net::InterfaceState state;
    dataplane::Mode mode;
    std::vector<PlacedInterface> interfaces;
};

/// Finds every interface and groups them by port. A VLAN device with more than two tags is a port itself, and
/// a line in the journal says so. Fails for what is missing or no Ethernet.
Result<std::vector<PortPlan>> plan_ports(const config::Config& config, const net::InterfaceMonitor& monitor,
                                         dataplane::Mode mode);

}  // namespace vrrp_xdp::controller

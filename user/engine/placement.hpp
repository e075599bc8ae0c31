// SPDX-License-Identifier: BSD-2-Clause
// From the interfaces of a configuration to the ports that programs are attached to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/managed_interface.hpp"

namespace vrrp_xdp::engine {

/// The interfaces that come in at one port, which is at least one.
struct PortPlan {
    std::string name;
    net::InterfaceState state;
    dataplane::Mode mode;
    std::vector<PlacedInterface> interfaces;
};

struct Plan {
    std::vector<PortPlan> ports;
    std::vector<config::Interface> missing;  ///< there is none of that name yet
};

/// Calls interfaces that the configuration names by an alternative name (ip link property add dev eth0
/// altname uplink) as the kernel does. Fails if two entries are one interface.
Result<void> use_kernel_names(config::Config& config);

/// What to do about an interface that is not there.
enum class OnMissing : std::uint8_t { Wait, Refuse };

/// Finds every interface and groups them by port. A VLAN device with more than two tags is a port
/// itself, and a line in the journal says so; one that is missing has its line, too. Fails
/// for what is not an Ethernet interface.
Result<Plan> plan_ports(const config::Config& config, const net::InterfaceMonitor& monitor,
                        dataplane::Mode mode, OnMissing on_missing);

}  // namespace vrrp_xdp::engine

// SPDX-License-Identifier: BSD-2-Clause
// What a configuration file says, valid by construction: nothing that reads it checks it again.
#pragma once

#include <string>
#include <vector>

#include "protocol/advertisement.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::config {

/// What the checksum of a sent VRRPv3 IPv4 advertisement covers. The default is what keepalived, FRR and VPP
/// send and expect; both forms are always accepted.
using Checksum = protocol::ChecksumForm;

struct VirtualRouter {
    protocol::Vrid vrid;
    protocol::Version version = protocol::Version::V3;
    protocol::Priority priority;
    protocol::Duration advertise_interval = std::chrono::seconds(1);
    bool preempt = true;
    Checksum checksum = Checksum::PseudoHeader;
    std::vector<protocol::IpAddress> virtual_addresses;  ///< at least one, all of one family

    protocol::Family family() const { return virtual_addresses.front().family(); }
};

struct Interface {
    std::string name;
    std::vector<VirtualRouter> virtual_routers;  ///< at least one
};

struct Config {
    std::vector<Interface> interfaces;  ///< at least one
};

}  // namespace vrrp_xdp::config

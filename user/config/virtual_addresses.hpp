// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/mapping.hpp"
#include "config/mistakes.hpp"
#include "config/node.hpp"

namespace vrrp_xdp::config {

/// What the Virtual Routers of one interface may not have twice, and where the first stands.
struct Taken {
    /// Elections for IPv4 and IPv6 are separate, even with the same VRID (RFC 9568, abstract).
    std::map<std::pair<protocol::Family, protocol::Vrid>, Position> vrids;
    std::map<protocol::IpAddress, Position> addresses;
};

/// What stands under virtual-addresses.
struct VirtualAddresses {
    /// That of the first address, be it a mistake or not. Nothing if no address is spelt as one: then nothing
    /// that depends on the family can be held against the Virtual Router.
    std::optional<protocol::Family> family;
    std::vector<protocol::IpAddress> addresses;  ///< those that are not mistakes
};

/// What the first IPv6 address must be.
enum class FirstOfIpv6 {
    LinkLocal,  ///< RFC 9568 §5.2.9 with erratum 8300
    Any,        ///< of routers that advertise to each other, and may have no link in common
};

VirtualAddresses read_virtual_addresses(const Item& item, FirstOfIpv6 first, Taken& taken,
                                        Mistakes& mistakes);

/// Returns what stands under unadvertised-addresses, of that family; those that are mistakes are left out.
std::vector<protocol::IpAddress> read_unadvertised_addresses(const Mapping& router,
                                                             std::optional<protocol::Family> family,
                                                             Taken& taken, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/mapping.hpp"
#include "config/node.hpp"
#include "config/sync_groups.hpp"

namespace vrrp_xdp::config {

/// What the Virtual Routers of one interface may not have twice, and where the first stands.
struct Taken {
    /// Elections for IPv4 and IPv6 are separate, even with the same VRID (RFC 9568, abstract).
    std::map<std::pair<protocol::Family, protocol::Vrid>, Position> vrids;
    std::map<protocol::IpAddress, Position> addresses;
};

/// One element of virtual-routers. Nothing if a required key is missing or a mistake; where the value of
/// another key is a mistake, its default stands in. trackers: those of the file.
std::optional<VirtualRouter> read_virtual_router(const Item& item, const std::vector<Tracker>& trackers,
                                                 Taken& taken, SyncGroups& groups, Mistakes& mistakes);

/// What stands under virtual-addresses.
struct VirtualAddresses {
    /// That of the first address, be it a mistake or not. Nothing if no address is spelt as one: then nothing
    /// that depends on the family can be held against the Virtual Router.
    std::optional<protocol::Family> family;
    std::vector<protocol::IpAddress> addresses;  ///< those that are no mistakes
};

/// What stands under unicast-peers, if anything. family: that of the virtual addresses.
std::vector<protocol::IpAddress> read_unicast_peers(const Mapping& mapping,
                                                    std::optional<protocol::Family> family,
                                                    std::span<const protocol::IpAddress> virtual_addresses,
                                                    Mistakes& mistakes);

/// Less than 255 only beside unicast-peers.
std::uint8_t read_minimum_ttl(const Mapping& mapping, Mistakes& mistakes);

/// Why the advertisements of such a Virtual Router cannot come from the address, as the rest of a sentence;
/// empty if they can. is_owner: of the virtual addresses.
std::string objection_to_source(const protocol::IpAddress& source, std::optional<protocol::Family> family,
                                std::span<const protocol::IpAddress> virtual_addresses, bool is_owner,
                                std::span<const protocol::IpAddress> peers);

/// What stands under source-address, if anything, in view of what else the Virtual Router has.
std::optional<protocol::IpAddress> read_source_address(const Mapping& mapping,
                                                       std::optional<protocol::Family> family,
                                                       std::span<const protocol::IpAddress> virtual_addresses,
                                                       std::optional<protocol::Priority> priority,
                                                       std::span<const protocol::IpAddress> peers,
                                                       Mistakes& mistakes);

VirtualAddresses read_virtual_addresses(const Item& item, Taken& taken, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

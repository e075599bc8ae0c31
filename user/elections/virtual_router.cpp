// SPDX-License-Identifier: BSD-2-Clause
#include "elections/virtual_router.hpp"

#include <algorithm>

namespace vrrp_xdp::elections {

std::optional<protocol::IpAddress> VirtualRouter::source_on(
    const net::InterfaceState& state, std::span<const protocol::IpAddress> passed_over) const {
    const auto& fixed = config.source_address;
    if (fixed) return state.has(*fixed) ? fixed : std::nullopt;
    // Unicast peers know this router by it, and equal priorities are compared by it: a renewed lease or a
    // second address changes nothing.
    const auto& present = primary_address;
    const bool is_passed_over =
        present && std::find(passed_over.begin(), passed_over.end(), *present) != passed_over.end();
    const bool is_in_scope =
        present && (present->family() == protocol::Family::Ipv4 ||
                    present->is_link_local() == (scope_of(config) == net::InterfaceState::Scope::Link));
    if (present && present->family() == config.family() && is_in_scope && !is_passed_over &&
        state.has(*present))
        return present;
    return state.primary_address(config.family(), passed_over, scope_of(config));
}

void VirtualRouter::set_source(const protocol::IpAddress& address, const protocol::MacAddress& mac_address) {
    primary_address = address;
    mac = mac_address;
    protocol::OutgoingAdvertisement announcement{
        .version = config.version,
        .vrid = config.vrid,
        .priority = priority.value(),
        .interval = config.advertise_interval,
        .checksum = config.checksum,
        .source = address,
        .addresses = config.advertised_addresses(),
        .secret = config.authentication,
    };
    advertisements = packets_of(announcement);
    announcement.priority = 0;
    farewells = packets_of(announcement);

    announcements.clear();
    for (const auto& virtual_address : config.virtual_addresses)
        announcements.push_back(net::announcement_frame(mac, virtual_address));
}

std::vector<net::Outgoing> VirtualRouter::packets_of(protocol::OutgoingAdvertisement announcement) const {
    std::vector<net::Outgoing> packets;
    const std::size_t destinations = std::max<std::size_t>(1, peers.size());
    for (std::size_t i = 0; i < destinations; ++i)
        for (const protocol::Version version : config.versions()) {
            announcement.version = version;
            packets.push_back(peers.empty() ? to_group(announcement) : to_peer(i, announcement));
        }
    return packets;
}

net::Outgoing VirtualRouter::to_group(const protocol::OutgoingAdvertisement& announcement) const {
    return {net::advertisement_frame(mac, announcement.source, protocol::serialize(announcement))};
}

net::Outgoing VirtualRouter::to_peer(std::size_t index, protocol::OutgoingAdvertisement announcement) const {
    const protocol::IpAddress& peer = config.unicast_peers[index];
    announcement.destination = peer;
    return {net::advertisement_packet(announcement.source, peer, protocol::serialize(announcement)),
            peers[index]};
}

void VirtualRouter::set_priority(protocol::Priority effective) {
    priority = effective;
    if (primary_address) set_source(*primary_address, mac);
}

void VirtualRouter::continue_from(const VirtualRouter& before) {
    VirtualRouter prepared = std::move(*this);
    *this = before;
    config = std::move(prepared.config);
    addresses = std::move(prepared.addresses);
    mac = prepared.mac;
    interface_mac = prepared.interface_mac;
    peers = std::move(prepared.peers);
    // The effect of conditions on another priority does not apply to this one: it is computed again.
    if (config.priority != before.config.priority) priority = wanted_priority = prepared.wanted_priority;
    if (drained) priority = own_priority();
    if (!primary_address) return;
    if (primary_address != prepared.primary_address || priority != prepared.priority)
        return set_source(*primary_address, mac);
    advertisements = std::move(prepared.advertisements);
    farewells = std::move(prepared.farewells);
    announcements = std::move(prepared.announcements);
}

}  // namespace vrrp_xdp::elections

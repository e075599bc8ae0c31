// SPDX-License-Identifier: BSD-2-Clause
#include "engine/managed_interface.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "net/packet_bytes.hpp"

namespace vrrp_xdp::engine {
namespace {

using protocol::Family;

// In one turn a Virtual Router sends one farewell and one advertisement at most, in each of its versions.
std::size_t advertisement_capacity(const std::vector<elections::VirtualRouter>& routers) {
    std::size_t packets = 0;
    for (const elections::VirtualRouter& router : routers) packets += 2 * router.config.versions().size();
    return packets;
}

/// The same to each peer of this family.
std::size_t peer_capacity(const std::vector<elections::VirtualRouter>& routers, Family family) {
    std::size_t peers = 0;
    for (const elections::VirtualRouter& router : routers)
        if (router.config.family() == family)
            peers += 2 * router.config.versions().size() * router.config.unicast_peers.size();
    return peers;
}

std::size_t announcement_capacity(const std::vector<elections::VirtualRouter>& routers) {
    std::size_t addresses = 0;
    for (const elections::VirtualRouter& router : routers)
        addresses += router.config.announcements.burst * router.config.virtual_addresses.size();
    return addresses;
}

vrrp_xdp_vlan vlan_of(const net::Placement& placement) {
    vrrp_xdp_vlan vlan{};
    for (std::size_t i = 0; i < placement.tags.size(); ++i) {
        const bool dot1ad = placement.tags[i].protocol == net::VlanTag::Protocol::Dot1ad;
        const unsigned kind = dot1ad ? VRRP_XDP_TAG_8021AD : VRRP_XDP_TAG_8021Q;
        vlan.tag[i] = static_cast<std::uint16_t>(placement.tags[i].id | kind);
    }
    return vlan;
}

dataplane::HeldByHost held_by_host(const config::VirtualRouter& router, const net::InterfaceState& state) {
    const auto is_held = [&](const protocol::IpAddress& address) {
        return std::find(state.addresses.begin(), state.addresses.end(), address) != state.addresses.end();
    };
    const auto& addresses = router.virtual_addresses;
    const bool any = router.priority.is_owner() || router.accept_mode ||
                     std::any_of(addresses.begin(), addresses.end(), is_held);
    return any ? dataplane::HeldByHost::Yes : dataplane::HeldByHost::No;
}

dataplane::LocalDelivery local_delivery(const config::VirtualRouter& router) {
    using dataplane::LocalDelivery;
    if (router.priority.is_owner()) return LocalDelivery::Owner;
    return router.accept_mode ? LocalDelivery::AcceptMode : LocalDelivery::Drop;
}

/// Those whose members hear what it has to hear. As Backup too, so that a takeover waits for no group: XDP
/// drops what comes meanwhile.
std::vector<protocol::IpAddress> groups_of(const config::VirtualRouter& router) {
    std::vector<protocol::IpAddress> groups;
    if (router.unicast_peers.empty()) groups.push_back(protocol::advertisement_group(router.family()));
    if (router.family() == Family::Ipv6)
        for (const auto& address : router.virtual_addresses)
            groups.push_back(net::solicited_node_group(address));
    return groups;
}

std::vector<protocol::MacAddress> group_macs(const config::VirtualRouter& router) {
    std::vector<protocol::MacAddress> macs;
    for (const auto& group : groups_of(router)) macs.push_back(net::multicast_mac(group));
    return macs;
}

std::vector<dataplane::VirtualRouter> dataplane_view(const std::vector<PlacedInterface>& interfaces) {
    std::vector<dataplane::VirtualRouter> routers;
    for (const PlacedInterface& interface : interfaces)
        for (const config::VirtualRouter& router : interface.config.virtual_routers)
            routers.push_back({vlan_of(interface.placement), interface.state.index, interface.state.mac,
                               router.vrid, router.version, router.also_version_2, local_delivery(router),
                               held_by_host(router, interface.state), router.virtual_mac,
                               router.unicast_peers, router.minimum_ttl, router.authentication,
                               router.refuses_signed, router.virtual_addresses, group_macs(router)});
    return routers;
}

/// Everything that the Virtual Router wants to hear, on the interface's own filters, as far as the port does
/// not let it in already.
Result<void> tune_in(net::LinkSocket& socket, const config::VirtualRouter& router,
                     const dataplane::AttachedPort& port) {
    const auto mac = protocol::MacAddress::of_virtual_router(router.vrid, router.family());
    if (router.virtual_mac && !port.lets_in(mac))
        if (auto admitted = socket.admit(mac); !admitted) return admitted;
    if (router.family() == Family::Ipv4) return {};
    // As Backup too, so that a takeover waits for no group: XDP drops what comes meanwhile.
    for (const auto& address : router.virtual_addresses)
        if (auto joined = socket.join(net::solicited_node_group(address)); !joined) return joined;
    return {};
}

Result<void> join_advertisement_groups(net::LinkSocket& socket, const config::Interface& interface) {
    for (const Family family : {Family::Ipv4, Family::Ipv6})
        for (const config::VirtualRouter& router : interface.virtual_routers)
            if (router.family() == family && router.unicast_peers.empty()) {
                if (auto joined = socket.join(protocol::advertisement_group(family)); !joined) return joined;
                break;
            }
    return {};
}

Result<net::LinkSocket> open_socket(unsigned index, const config::Interface& interface,
                                    const dataplane::AttachedPort& port) {
    auto socket = net::LinkSocket::open(index);
    if (!socket) return tl::unexpected(socket.error());
    if (auto joined = join_advertisement_groups(*socket, interface); !joined)
        return tl::unexpected(joined.error());
    for (const config::VirtualRouter& router : interface.virtual_routers)
        if (auto tuned = tune_in(*socket, router, port); !tuned) return tl::unexpected(tuned.error());
    return socket;
}

SlotsByInterface by_interface(const std::vector<std::uint32_t>& slots,
                              const std::vector<PlacedInterface>& interfaces) {
    SlotsByInterface result;
    auto slot = slots.begin();  // in the order of dataplane_view()
    for (const PlacedInterface& placed : interfaces) {
        const auto end = slot + static_cast<std::ptrdiff_t>(placed.config.virtual_routers.size());
        result[placed.config.name].assign(slot, end);
        slot = end;
    }
    return result;
}

}  // namespace

Result<std::unique_ptr<ManagedInterface>> open_interface(const PlacedInterface& placed,
                                                         const dataplane::AttachedPort& port) {
    auto socket = open_socket(placed.state.index, placed.config, port);
    if (!socket) return tl::unexpected(std::move(socket.error()).within(placed.config.name));
    std::vector<elections::VirtualRouter> routers;
    for (const config::VirtualRouter& router : placed.config.virtual_routers) {
        routers.emplace_back(router);
        routers.back().interface_mac = placed.state.mac;
        routers.back().mac = routers.back().mac_on(placed.state.mac);
    }
    auto interface = std::make_unique<ManagedInterface>(placed.config.name, placed.state, std::move(*socket),
                                                        std::move(routers));
    interface->vlan = vlan_of(placed.placement);
    interface->passed_over = addresses_not_owned(placed.config);
    interface->placement = placed.placement;
    if (auto opened = interface->open_peer_sockets(); !opened) return tl::unexpected(opened.error());
    return interface;
}

std::vector<protocol::IpAddress> addresses_not_owned(const config::Interface& interface) {
    std::vector<protocol::IpAddress> addresses;
    for (const config::VirtualRouter& router : interface.virtual_routers)
        if (!router.priority.is_owner())
            addresses.insert(addresses.end(), router.virtual_addresses.begin(),
                             router.virtual_addresses.end());
    return addresses;
}

ManagedInterface::ManagedInterface(std::string interface_name, const net::InterfaceState& state,
                                   net::LinkSocket opened, std::vector<elections::VirtualRouter> routers)
    : Interface(std::move(interface_name), state.index, std::move(routers)),
      socket(std::move(opened)),
      advertisements(advertisement_capacity(virtual_routers)),
      to_ipv4_peers(peer_capacity(virtual_routers, Family::Ipv4)),
      to_ipv6_peers(peer_capacity(virtual_routers, Family::Ipv6)),
      announcements(announcement_capacity(virtual_routers)) {}

void ManagedInterface::use_port(std::shared_ptr<dataplane::AttachedPort> attached) {
    port = std::move(attached);
    data_plane = &port->elections();
}

Result<void> ManagedInterface::open_peer_sockets() {
    for (elections::VirtualRouter& router : virtual_routers) {
        router.peers.clear();
        for (const auto& peer : router.config.unicast_peers)
            router.peers.push_back(net::destination_of(peer, index));
    }
    for (const Family family : {Family::Ipv4, Family::Ipv6}) {
        if (peer_capacity(virtual_routers, family) == 0) continue;
        auto opened = net::open_peer_socket(family, name);
        if (!opened) return tl::unexpected(opened.error());
        (family == Family::Ipv4 ? ipv4_peers : ipv6_peers) = std::move(*opened);
    }
    return {};
}

bool ManagedInterface::has_bound_sockets() const {
    if (!socket.is_bound()) return false;
    return std::ranges::all_of(std::array{&ipv4_peers, &ipv6_peers}, [this](const UniqueFd* peers) {
        return !*peers || net::sends_by(peers->get(), index);
    });
}

int ManagedInterface::socket_of(std::uint32_t router) const {
    const config::VirtualRouter& config = virtual_routers[router].config;
    if (config.unicast_peers.empty()) return socket.fd();
    return config.family() == Family::Ipv4 ? ipv4_peers.get() : ipv6_peers.get();
}

net::FrameBatch& ManagedInterface::batch_of(std::uint32_t router) {
    const config::VirtualRouter& config = virtual_routers[router].config;
    if (config.unicast_peers.empty()) return advertisements;
    return config.family() == Family::Ipv4 ? to_ipv4_peers : to_ipv6_peers;
}

Result<void> ManagedInterface::open_again(unsigned interface_index) {
    config::Interface config{.name = name, .virtual_routers = {}};
    for (const elections::VirtualRouter& router : virtual_routers)
        config.virtual_routers.push_back(router.config);
    auto opened = open_socket(interface_index, config, *port);
    if (!opened) return tl::unexpected(opened.error());
    socket = std::move(*opened);
    index = interface_index;
    if (auto reopened = open_peer_sockets(); !reopened) return reopened;
    for (elections::VirtualRouter& router : virtual_routers) {
        router.interface_works = router.able = false;
        router.interface_mac = {};  // to be found again, and told to the data plane
    }
    sending_fails = false;
    return {};
}

Result<PortAndSlots> attach_port(const dataplane::Interface& port,
                                 const std::vector<PlacedInterface>& interfaces, dataplane::Mode mode,
                                 dataplane::Predecessor predecessor) {
    auto opened = dataplane::AttachedPort::attach(port, mode, dataplane_view(interfaces), predecessor);
    if (!opened) return tl::unexpected(opened.error());
    return PortAndSlots{*opened, by_interface((*opened)->slots(), interfaces)};
}

Result<SlotsByInterface> admit(dataplane::AttachedPort& port,
                               const std::vector<PlacedInterface>& interfaces) {
    const auto slots = port.admit(dataplane_view(interfaces));
    if (!slots) return tl::unexpected(slots.error());
    return by_interface(*slots, interfaces);
}

Result<ManagedInterfaces> open_port(const net::InterfaceState& port,
                                    const std::vector<PlacedInterface>& interfaces, dataplane::Mode mode,
                                    dataplane::Predecessor predecessor) {
    const std::string& port_name = interfaces.front().placement.port;
    const auto attached = attach_port({port_name, port.index, port.kind}, interfaces, mode, predecessor);
    if (!attached) return tl::unexpected(attached.error());
    if (const std::string& refusal = attached->port->refusal_to_let_in(); !refusal.empty())
        spdlog::warn(
            "{}: {}; a socket opens the filter instead, so frames to the virtual MAC are lost between the "
            "end of this process and the start of the next",
            port_name, refusal);

    ManagedInterfaces opened;
    for (const PlacedInterface& placed : interfaces) {
        auto interface = open_interface(placed, *attached->port);
        if (!interface) return tl::unexpected(interface.error());
        (*interface)->port_name = port_name;
        (*interface)->port_index = port.index;
        (*interface)->use_port(attached->port);
        (*interface)->slots = attached->slots.at(placed.config.name);
        opened.push_back(std::move(*interface));
    }
    return opened;
}

}  // namespace vrrp_xdp::engine

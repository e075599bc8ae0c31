// SPDX-License-Identifier: BSD-2-Clause
#include "controller/managed_port.hpp"

namespace vrrp_xdp::controller {
namespace {

// In one turn a Virtual Router sends one farewell and one advertisement at most.
std::size_t advertisement_capacity(const std::vector<VirtualRouter>& routers) { return 2 * routers.size(); }

std::size_t announcement_capacity(const std::vector<VirtualRouter>& routers) {
    std::size_t addresses = 0;
    for (const VirtualRouter& router : routers) addresses += router.config.virtual_addresses.size();
    return addresses;
}

std::vector<dataplane::VirtualRouter> dataplane_view(const config::Interface& interface) {
    std::vector<dataplane::VirtualRouter> routers;
    for (const config::VirtualRouter& router : interface.virtual_routers)
        routers.push_back(
            {router.vrid, router.version,
             router.priority.is_owner() ? dataplane::LocalDelivery::Accept : dataplane::LocalDelivery::Drop,
             router.virtual_addresses});
    return routers;
}

}  // namespace

ManagedPort::ManagedPort(const net::InterfaceState& interface, std::string name, dataplane::Port attached,
                         net::LinkSocket opened, std::vector<VirtualRouter> routers)
    : interface_name(std::move(name)),
      dataplane(std::move(attached)),
      socket(std::move(opened)),
      virtual_routers(std::move(routers)),
      timers(virtual_routers.size(), protocol::kNever),
      interface_index(interface.index),
      advertisements(advertisement_capacity(virtual_routers)),
      announcements(announcement_capacity(virtual_routers)) {
    due.reserve(virtual_routers.size());
}

void ManagedPort::queue(std::uint32_t slot, const protocol::Actions& actions) {
    if (actions == protocol::Actions{}) return;
    protocol::Actions& queued = virtual_routers[slot].queued;
    if (queued == protocol::Actions{}) due.push_back(slot);
    queued.advertise |= actions.advertise;
    queued.say_farewell |= actions.say_farewell;
    queued.announce_addresses |= actions.announce_addresses;
}

Result<ManagedPort> open_port(const config::Interface& interface, const net::InterfaceState& state,
                              dataplane::Mode mode) {
    auto attached =
        dataplane::Port::attach({interface.name, state.index, state.kind}, mode, dataplane_view(interface));
    if (!attached) return tl::unexpected(attached.error());
    auto socket = net::LinkSocket::open(state.index);
    if (!socket) return tl::unexpected(std::move(socket.error()).within(interface.name));

    std::vector<VirtualRouter> routers;
    for (const config::VirtualRouter& router : interface.virtual_routers) {
        const auto mac = protocol::MacAddress::of_virtual_router(router.vrid, router.family());
        if (auto admitted = socket->admit(mac); !admitted)
            return tl::unexpected(std::move(admitted.error()).within(interface.name));
        routers.emplace_back(router);
    }
    return ManagedPort(state, interface.name, std::move(*attached), std::move(*socket), std::move(routers));
}

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
#include "elections/interface.hpp"

#include <utility>

namespace vrrp_xdp::elections {

Interface::Interface(std::string interface_name, unsigned interface_index, std::vector<VirtualRouter> routers)
    : name(std::move(interface_name)),
      index(interface_index),
      virtual_routers(std::move(routers)),
      timers(virtual_routers.size(), protocol::kNever) {
    due.reserve(virtual_routers.size());
    take_snapshots();
}

void Interface::take_snapshots() {
    sending_failed = sending_fails;
    snapshots.clear();
    for (const VirtualRouter& router : virtual_routers) snapshots.push_back(router.snapshot());
}

vrrp_xdp_vr_key Interface::election(std::uint32_t router) const {
    const config::VirtualRouter& config = virtual_routers[router].config;
    vrrp_xdp_vr_key key{};
    key.vlan = vlan;
    key.vrid = config.vrid.value();
    key.family = static_cast<std::uint8_t>(config.family());
    return key;
}

void Interface::queue(std::uint32_t router, const protocol::Actions& actions) {
    if (actions == protocol::Actions{}) return;
    protocol::Actions& queued = virtual_routers[router].queued;
    if (queued == protocol::Actions{}) due.push_back(router);
    queued.advertise |= actions.advertise;
    queued.say_farewell |= actions.say_farewell;
    queued.announce_addresses |= actions.announce_addresses;
}

}  // namespace vrrp_xdp::elections

// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/interface_changes.hpp"

#include <algorithm>
#include <utility>

namespace vrrp_xdp::reporting {
namespace {

using nlohmann::json;
using protocol::IpAddress;

/// Without the virtual addresses. One that has gone has neither link nor address.
net::InterfaceState state_of(const engine::ManagedInterface& interface, const net::InterfaceMonitor& kernel) {
    net::InterfaceState state = kernel.state_of(interface.index).value_or(net::InterfaceState{});
    std::erase_if(state.addresses, [&](const IpAddress& address) {
        return std::any_of(interface.virtual_routers.begin(), interface.virtual_routers.end(),
                           [&](const elections::VirtualRouter& router) {
                               const auto& all = router.config.virtual_addresses;
                               return std::find(all.begin(), all.end(), address) != all.end();
                           });
    });
    return state;
}

}  // namespace

std::vector<InterfaceChange> compare(const net::InterfaceState& before, const net::InterfaceState& now) {
    std::vector<InterfaceChange> changes;
    const auto add = [&](std::string what, bool is_loss, json details) {
        changes.push_back({0, std::move(what), is_loss, std::move(details)});
    };
    if (before.running != now.running)
        add(now.running ? "is up and has a carrier" : "is down, or has lost its carrier", !now.running,
            {{"event", "link"}, {"link", now.running ? "up" : "down"}});
    if (before.mac != now.mac && now.index != 0)
        add("has the MAC address " + now.mac.to_string() + " now, and had " + before.mac.to_string(), false,
            {{"event", "interface-mac"}, {"mac", now.mac.to_string()}});
    if (before.mtu != now.mtu && now.index != 0)
        add("has an MTU of " + std::to_string(now.mtu) + " now, and had " + std::to_string(before.mtu), false,
            {{"event", "mtu"}, {"mtu", now.mtu}});
    for (const IpAddress& address : before.addresses)
        if (!now.has(address))
            add("has lost the address " + address.to_string(), true,
                {{"event", "address"}, {"address", address.to_string()}, {"change", "removed"}});
    for (const IpAddress& address : now.addresses)
        if (!before.has(address))
            add("has got the address " + address.to_string(), false,
                {{"event", "address"}, {"address", address.to_string()}, {"change", "added"}});
    return changes;
}

std::vector<InterfaceChange> InterfaceChanges::look(const engine::ManagedInterfaces& interfaces,
                                                    const net::InterfaceMonitor& kernel) {
    std::vector<InterfaceChange> all;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (!interfaces[i]) continue;
        net::InterfaceState now = state_of(*interfaces[i], kernel);
        const auto [place, is_new] = known_.try_emplace(interfaces[i]->name, now);
        if (is_new) continue;
        for (InterfaceChange& change : compare(place->second, now)) {
            change.interface = i;
            all.push_back(std::move(change));
        }
        place->second = std::move(now);
    }
    return all;
}

}  // namespace vrrp_xdp::reporting

// SPDX-License-Identifier: BSD-2-Clause
#include "reconciler/local_addresses.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "net/boot_clock.hpp"
#include "net/host_addresses.hpp"

namespace vrrp_xdp::reconciler {
namespace {

/// An owner's addresses are the host's already.
bool gives_addresses(const config::VirtualRouter& router) {
    return router.accept_mode && !router.priority.is_owner();
}

std::set<protocol::IpAddress> wanted_on(const engine::ManagedInterface& interface) {
    const protocol::TimePoint now = net::boot_now();
    std::set<protocol::IpAddress> wanted;
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
        const config::VirtualRouter& router = interface.virtual_routers[i].config;
        if (gives_addresses(router) && now < interface.lease(i))
            wanted.insert(router.virtual_addresses.begin(), router.virtual_addresses.end());
    }
    return wanted;
}

}  // namespace

void LocalAddresses::follow(const engine::ManagedInterface& interface) {
    const Addresses wanted = wanted_on(interface);
    Addresses& held = held_on(interface.index);
    Addresses& foreign = foreign_[interface.index];
    const auto is_unwanted = [&](const protocol::IpAddress& address) { return !wanted.contains(address); };
    std::erase_if(foreign, is_unwanted);
    std::erase_if(given_back_[interface.index], is_unwanted);
    std::erase_if(held, [&](const protocol::IpAddress& address) {
        if (wanted.contains(address)) return false;
        const auto taken = net::take_address(interface.index, address);
        if (!taken) report(interface, taken.error());
        return taken.has_value();
    });
    for (const auto& address : wanted)
        if (!held.contains(address) && !foreign.contains(address)) give(interface, address);
}

void LocalAddresses::follow(const engine::ManagedInterface& interface, const net::InterfaceState& state) {
    const Addresses wanted = wanted_on(interface);
    std::erase_if(foreign_[interface.index],
                  [&](const protocol::IpAddress& address) { return !state.has(address); });
    for (const auto& address : Addresses(held_on(interface.index)))
        if (wanted.contains(address) && !state.has(address)) give_back(interface, address);
    follow(interface);
}

std::optional<std::string> LocalAddresses::difference(const engine::ManagedInterface& interface,
                                                      const net::InterfaceState& state) {
    const Addresses wanted = wanted_on(interface);
    for (const auto& address : wanted)
        if (!state.has(address)) return "does not have " + address.to_string();
    for (const auto& address : held_on(interface.index))
        if (!wanted.contains(address)) return "still has " + address.to_string();
    return std::nullopt;
}

LocalAddresses::Addresses& LocalAddresses::held_on(unsigned interface_index) {
    const auto [place, is_new] = held_.try_emplace(interface_index);
    if (is_new)
        if (const auto left = net::given_addresses(interface_index))
            place->second.insert(left->begin(), left->end());
    return place->second;
}

void LocalAddresses::give(const engine::ManagedInterface& interface, const protocol::IpAddress& address) {
    const auto given = net::give_address(interface.index, address);
    if (!given) return report(interface, given.error());
    told_.erase(interface.name);
    (*given == net::Given::Now ? held_ : foreign_)[interface.index].insert(address);
}

/// Ours it stays also if it is there after all.
void LocalAddresses::give_back(const engine::ManagedInterface& interface,
                               const protocol::IpAddress& address) {
    const auto given = net::give_address(interface.index, address);
    if (!given) return report(interface, given.error());
    told_.erase(interface.name);
    if (*given == net::Given::Now && given_back_[interface.index].insert(address).second)
        spdlog::warn(
            "{}: {} was removed by another program and has been restored, as it will be from now on without "
            "a message; accept-mode adds it to the host while Active",
            interface.name, address.to_string());
}

void LocalAddresses::report(const engine::ManagedInterface& interface, const Error& error) {
    if (std::exchange(told_[interface.name], error.what) != error.what)
        spdlog::warn("{}: {}; retrying", interface.name, error.what);
}

}  // namespace vrrp_xdp::reconciler

// SPDX-License-Identifier: BSD-2-Clause
#include "engine/placement.hpp"

#include <net/if.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <set>

#include "net/nic_features.hpp"
#include "protocol/text.hpp"

namespace vrrp_xdp::engine {
namespace {

constexpr std::size_t kMostTags = std::size(vrrp_xdp_vlan{}.tag);

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

Result<net::InterfaceState> find_interface(const net::InterfaceMonitor& monitor, const std::string& name) {
    auto state = monitor.state_of(name);
    if (!state)
        return failure("there is no interface " + name, "there are: " + listed(monitor.interface_names()));
    if (!state->ethernet)
        return failure(name + " is not an Ethernet interface", "VRRP's virtual MAC requires one");
    return *state;
}

void warn_of_owner(const PlacedInterface& placed, const config::VirtualRouter& router,
                   const protocol::IpAddress& address) {
    const auto& own_addresses = placed.state.addresses;
    const bool own = std::count(own_addresses.begin(), own_addresses.end(), address) > 0;
    const std::string& name = placed.config.name;
    if (own && !router.priority.is_owner() && !router.accept_mode)
        spdlog::warn(
            "{} vrid {}: {} is an address of {} itself: packets that the host sends from it are dropped "
            "while this router is not Active. If this router owns the address, set priority: 255",
            name, router.vrid.value(), address.to_string(), name);
    if (!own && router.priority.is_owner())
        spdlog::warn("{} vrid {}: priority 255 means that this router owns {}, but {} does not have it", name,
                     router.vrid.value(), address.to_string(), name);
}

void warn_of_addresses(const PlacedInterface& placed) {
    if (!placed.state.running)
        spdlog::warn("{}: is down or has no carrier; waiting for it", placed.config.name);
    const auto passed_over = addresses_not_owned(placed.config);
    for (const auto& router : placed.config.virtual_routers) {
        if (!placed.state.primary_address(router.family(), passed_over, elections::scope_of(router)))
            spdlog::warn("{} vrid {}: waiting for {} as the source of advertisements", placed.config.name,
                         router.vrid.value(),
                         router.family() == protocol::Family::Ipv4
                             ? "an IPv4 address"
                             : "a link-local IPv6 address that passed duplicate "
                               "address detection");
        for (const auto& address : router.virtual_addresses) warn_of_owner(placed, router, address);
    }
}

/// A router that is its own peer would only hear itself.
Result<void> check_peers(const PlacedInterface& placed) {
    const auto& own = placed.state.addresses;
    for (const config::VirtualRouter& router : placed.config.virtual_routers)
        for (const auto& peer : router.unicast_peers)
            if (std::find(own.begin(), own.end(), peer) != own.end())
                return failure(placed.config.name + " vrid " + std::to_string(router.vrid.value()) +
                                   ": the unicast peer " + peer.to_string() + " is an address of " +
                                   placed.config.name + " itself",
                               "list the other routers only");
    return {};
}

/// Questions for addresses would be answered, and every frame to the virtual MAC lost below.
Result<void> check_virtual_macs(const config::Interface& interface, const std::string& port) {
    const auto& routers = interface.virtual_routers;
    const auto has_one =
        std::find_if(routers.begin(), routers.end(), [](const auto& router) { return router.virtual_mac; });
    if (has_one == routers.end()) return {};
    const auto limit = net::limited_to_own_mac(port);
    if (!limit) return {};
    return failure(
        interface.name + " vrid " + std::to_string(has_one->vrid.value()) +
            ": frames to a virtual MAC never reach it, since " + port + " " + *limit,
        "set 'virtual-mac: false' for its Virtual Routers, or put them on the interface below " + port);
}

/// Where the interface's frames come in, with all tags that the maps have room for.
net::Placement shallow_placement(const net::InterfaceMonitor& monitor, const std::string& name) {
    auto placement = monitor.placement_of(name);
    if (placement.tags.size() <= kMostTags) return placement;
    spdlog::warn("{}: attached to the VLAN device itself because it has more than two tags", name);
    return {.port = name};
}

/// A VLAN device that is a port itself has no driver.
dataplane::Mode mode_on(const net::InterfaceState& port, dataplane::Mode wanted) {
    if (port.kind != "vlan" || wanted == dataplane::Mode::Generic) return wanted;
    return dataplane::Mode::Clsact;
}

Result<void> add(std::vector<PortPlan>& plans, PlacedInterface placed, const net::InterfaceMonitor& monitor,
                 dataplane::Mode mode) {
    const std::string& port = placed.placement.port;
    auto plan =
        std::find_if(plans.begin(), plans.end(), [&](const PortPlan& each) { return each.name == port; });
    if (plan == plans.end()) {
        const auto state = find_interface(monitor, port);
        if (!state) return tl::unexpected(state.error());
        plans.push_back({port, *state, mode_on(*state, mode), {}});
        plan = std::prev(plans.end());
    }
    plan->interfaces.push_back(std::move(placed));
    return {};
}

}  // namespace

Result<void> use_kernel_names(config::Config& config) {
    std::set<std::string> names;
    for (config::Interface& interface : config.interfaces) {
        std::array<char, IF_NAMESIZE> name{};
        // The kernel finds an interface by any of its names.
        const unsigned index = if_nametoindex(interface.name.c_str());
        if (index != 0 && if_indextoname(index, name.data()) != nullptr && interface.name != name.data()) {
            spdlog::info("{} is another name of {}", interface.name, name.data());
            interface.name = name.data();
        }
        if (!names.insert(interface.name).second)
            return failure("two entries are for " + interface.name + ", one of them under another name",
                           "put all Virtual Routers under one name");
    }
    return {};
}

Result<Plan> plan_ports(const config::Config& config, const net::InterfaceMonitor& monitor,
                        dataplane::Mode mode, OnMissing on_missing) {
    Plan plan;
    for (const config::Interface& interface : config.interfaces) {
        if (on_missing == OnMissing::Wait && !monitor.state_of(interface.name)) {
            spdlog::warn("there is no interface {}; waiting for it; there are: {}", interface.name,
                         listed(monitor.interface_names()));
            plan.missing.push_back(interface);
            continue;
        }
        const auto state = find_interface(monitor, interface.name);
        if (!state) return tl::unexpected(state.error());
        PlacedInterface placed{interface, *state, shallow_placement(monitor, interface.name)};
        if (auto checked = check_peers(placed); !checked) return tl::unexpected(checked.error());
        if (auto checked = check_virtual_macs(interface, monitor.placement_of(interface.name).port); !checked)
            return tl::unexpected(checked.error());
        warn_of_addresses(placed);
        if (auto added = add(plan.ports, std::move(placed), monitor, mode); !added)
            return tl::unexpected(added.error());
    }
    return plan;
}

}  // namespace vrrp_xdp::engine

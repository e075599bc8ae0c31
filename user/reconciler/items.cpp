// SPDX-License-Identifier: BSD-2-Clause
#include "reconciler/items.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "engine/advertisement_mtu.hpp"

namespace vrrp_xdp::reconciler {
namespace {

using Finding = std::optional<std::string>;

std::string shown(const net::Placement& placement) {
    if (placement.tags.empty()) return "on " + placement.port + " itself";
    std::string tags;
    for (const net::VlanTag& tag : placement.tags) tags += (tags.empty() ? "" : ".") + std::to_string(tag.id);
    return "in VLAN " + tags + " of " + placement.port;
}

template <typename Address>
std::string listed(const std::vector<Address>& addresses) {
    std::string text;
    for (const auto& address : addresses) text += (text.empty() ? "" : ", ") + address.to_string();
    return text;
}

Finding inspect_index(const ItemContext& sight) {
    const std::string& name = sight.interface.name;
    const auto named = sight.kernel.state_of(name);
    if (named && named->index == sight.interface.index) return std::nullopt;
    if (!sight.state) return named ? "was deleted and created again" : "is gone";
    return fmt::format("the interface of this name is called {} now{}", sight.state->name,
                       named ? ", and another one has the name" : "");
}

/// Only of who stands on another interface's tags: frames of a VLAN device with programs of its own are its
/// own, whatever it is in.
Finding inspect_placement(const ItemContext& sight) {
    const net::Placement& placed = sight.interface.placement;
    if (!sight.state || placed.tags.empty()) return std::nullopt;
    const auto found = sight.kernel.placement_of(sight.state->name);
    if (found == placed) return std::nullopt;
    return fmt::format("is {} now, and was {}", shown(found), shown(placed));
}

Finding inspect_port(const ItemContext& sight) {
    const engine::ManagedInterface& interface = sight.interface;
    const auto port = sight.kernel.state_of(interface.port_name);
    if (!port) return interface.port_name + " is gone";
    if (port->index != interface.port_index) return interface.port_name + " is another interface now";
    return std::nullopt;
}

Finding inspect_program(const ItemContext& sight) {
    if (sight.interface.port->is_attached()) return std::nullopt;
    return "its program or its pins were removed";
}

Finding inspect_running(const ItemContext& sight) {
    return sight.programs.why_unfit(sight.interface.port_name);
}

/// A packet socket is unbound forever once its interface has left the network namespace, even if that comes
/// back with its index.
Finding inspect_sockets(const ItemContext& sight) {
    if (sight.interface.has_bound_sockets()) return std::nullopt;
    return "its sockets are no longer bound to it";
}

Finding inspect_tags(const ItemContext& sight) {
    const auto on = sight.interface.port->hides_tags();
    if (on.empty()) return std::nullopt;
    return fmt::format("{} of {} was turned on, which hides VLAN tags from XDP", fmt::join(on, ", "),
                       sight.interface.port_name);
}

void mend_tags(const ItemContext& sight) {
    const std::string& name = sight.interface.port_name;
    const auto kept = sight.interface.port->keep_tags();
    if (!kept) return;  // told if it lasts
    for (const std::string& feature : *kept)
        spdlog::warn("{}: {} was turned on, which hides VLAN tags from XDP; turned it off again", name,
                     feature);
}

/// Only a try shows what a device's filter has, so that this mends as well.
Finding inspect_filter(const ItemContext& sight) {
    const auto missing = sight.interface.port->let_in_again();
    if (missing.empty()) return std::nullopt;
    const std::string text = listed(missing);
    spdlog::warn("{}: the filter entry of {} was removed by another program and has been restored",
                 sight.interface.port_name, text);
    return "the filter of " + sight.interface.port_name + " had no entry of " + text;
}

std::vector<protocol::IpAddress> missing_groups(const ItemContext& sight) {
    const auto found = sight.groups.find(sight.interface.index);
    std::vector<protocol::IpAddress> missing;
    for (const auto& group : sight.interface.socket.groups())
        if (found == sight.groups.end() || !found->second.contains(group)) missing.push_back(group);
    return missing;
}

Finding inspect_groups(const ItemContext& sight) {
    if (!sight.state) return std::nullopt;
    const auto missing = missing_groups(sight);
    if (missing.empty()) return std::nullopt;
    return "is not a member of " + listed(missing);
}

void mend_groups(const ItemContext& sight) {
    for (const auto& group : missing_groups(sight))
        if (const auto joined = sight.interface.socket.join_again(group); !joined)
            spdlog::debug("{}: {}", sight.interface.name, joined.error().what);
}

Finding inspect_addresses(const ItemContext& sight) {
    if (!sight.state) return std::nullopt;
    return sight.addresses.difference(sight.interface, *sight.state);
}

void mend_addresses(const ItemContext& sight) { sight.addresses.follow(sight.interface, *sight.state); }

/// The protocol thread uses a copy that netlink's messages update. This asks the kernel itself.
Finding inspect_knowledge(const ItemContext& sight) {
    const bool is_ours = sight.state && sight.state->name == sight.interface.name;
    const auto fresh = is_ours ? sight.state : std::nullopt;
    if (net::fingerprint(fresh) == sight.interface.followed) return std::nullopt;
    return "the state that elections use differs from the kernel's";
}

Finding inspect_source(const ItemContext& sight) {
    if (!sight.state) return std::nullopt;
    for (const elections::VirtualRouter& router : sight.interface.virtual_routers)
        if (const auto& source = router.config.source_address; source && !sight.state->has(*source))
            return fmt::format("does not have {}, the source-address of vrid {}", source->to_string(),
                               router.config.vrid.value());
    return std::nullopt;
}

Finding inspect_mtu(const ItemContext& sight) {
    if (!sight.state) return std::nullopt;
    for (const elections::VirtualRouter& router : sight.interface.virtual_routers)
        if (const std::size_t bytes = engine::longest_advertisement_bytes(router.config);
            bytes > sight.state->mtu)
            return fmt::format("has an MTU of {}, and an advertisement of vrid {} takes {} bytes",
                               sight.state->mtu, router.config.vrid.value(), bytes);
    return std::nullopt;
}

constexpr std::array kItems{
    Item{"index", "the interface with the programs and sockets has the configured name", Remedy::AttachAgain,
         inspect_index},
    Item{"placement", "the port and the tags of a VLAN are those in the maps", Remedy::AttachAgain,
         inspect_placement},
    Item{"port", "the port has its name, and the index that the programs are attached to",
         Remedy::AttachAgain, inspect_port},
    Item{"program", "the program is attached to the port and pinned", Remedy::AttachAgain, inspect_program},
    Item{"running", "the driver runs the XDP program, on frames of every size that the MTU allows",
         Remedy::AttachAgain, inspect_running},
    Item{"sockets", "the sockets that send advertisements are bound to the interface", Remedy::AttachAgain,
         inspect_sockets},
    Item{"tags", "nothing on the NIC hides VLAN tags from the program", Remedy::InPlace, inspect_tags,
         mend_tags},
    Item{"filter", "the device's filter has the entries for our virtual MACs and groups", Remedy::InPlace,
         inspect_filter},
    Item{"groups", "the interface is a member of the required multicast groups", Remedy::InPlace,
         inspect_groups, mend_groups},
    Item{"addresses", "the host has the virtual addresses with accept-mode while Active, and only then",
         Remedy::InPlace, inspect_addresses, mend_addresses},
    Item{"knowledge", "elections use the flags, MAC and addresses that the kernel has", Remedy::AskAgain,
         inspect_knowledge},
    Item{"source", "the interface has the source-address", Remedy::Nobody, inspect_source},
    Item{"mtu", "advertisements fit the MTU", Remedy::Nobody, inspect_mtu},
};

}  // namespace

std::span<const Item> items() { return kItems; }

}  // namespace vrrp_xdp::reconciler

// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/places.hpp"

#include <span>
#include <string_view>

#include "config/values.hpp"

namespace vrrp_xdp::keepalived {
namespace {

config::Place place_of(const Place& place) { return {place.file, place.line, place.column}; }

/// The lines of a block that the addresses stand on; the whole block for one that stands on none.
config::Origin::Value places_of(std::span<const protocol::IpAddress> addresses,
                                const std::vector<Directive>& lines, const config::Place& block) {
    config::Origin::Value value{lines.empty() ? block : place_of(lines.front().place)};
    for (const protocol::IpAddress& address : addresses) {
        value.elements.push_back(block);
        for (const Directive& line : lines) {
            const std::string_view text = line.name();
            const auto parsed =
                config::address_form.parse({std::string(text.substr(0, text.find_first_of("-/")))});
            if (parsed && *parsed == address) value.elements.back() = place_of(line.place);
        }
    }
    return value;
}

}  // namespace

config::Origin places_of(const Instance& instance, const config::VirtualRouter& router,
                         const std::optional<Place>& group) {
    config::Origin origin{place_of(instance.place)};
    const auto add = [&](const char* key, const auto& at) {
        if (at) origin.values.emplace(key, config::Origin::Value{place_of(at->place)});
    };
    add("vrid", instance.vrid);
    add("version", instance.version);
    add("priority", instance.priority);
    add("advertise-interval", instance.interval);
    add("preempt-delay", instance.preempt_delay);
    add("source-address", instance.source);
    if (instance.no_preempt)
        origin.values.emplace("preempt", config::Origin::Value{place_of(*instance.no_preempt)});
    if (group) origin.values.emplace("sync-group", config::Origin::Value{place_of(*group)});
    if (!instance.authentication.empty())
        origin.values.emplace("authentication",
                              config::Origin::Value{place_of(instance.authentication.front().place)});
    origin.values.emplace("virtual-addresses",
                          places_of(router.virtual_addresses, instance.addresses, origin.whole));
    if (instance.unicast_peer)
        origin.values.emplace("unicast-peers", places_of(router.unicast_peers, instance.peers,
                                                         place_of(*instance.unicast_peer)));
    return origin;
}

}  // namespace vrrp_xdp::keepalived

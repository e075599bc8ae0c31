// SPDX-License-Identifier: BSD-2-Clause
#include "config/unicast_peers.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "config/text.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::IpAddress;

// Each costs a packet an interval.
constexpr ListForm list_form{.element = "unicast peer", .elements = "unicast peers", .limit = 32};

/// Why the address cannot be a peer, beside the ones before it; empty if it can.
std::string objection_to(const IpAddress& peer, std::optional<Family> family,
                         std::span<const IpAddress> virtual_addresses, std::span<const IpAddress> before) {
    const auto is_among = [&](std::span<const IpAddress> addresses) {
        return std::find(addresses.begin(), addresses.end(), peer) != addresses.end();
    };
    if (family && peer.family() != *family) {
        std::string objection = " is ";
        objection += name_of(peer.family());
        objection += " and the virtual addresses are ";
        objection += name_of(*family);
        return objection + ": a Virtual Router uses one address family";
    }
    if (is_among(virtual_addresses))
        return " is a virtual address: list the addresses that the other routers advertise from";
    if (is_among(before)) return " is listed twice";
    if (!before.empty() && peer.is_link_local() != before.front().is_link_local())
        return " and the first peer are not both link-local: all advertisements have the same source "
               "address, of one scope";
    return {};
}

}  // namespace

std::vector<IpAddress> read_unicast_peers(const Mapping& mapping, std::optional<Family> family,
                                          std::span<const IpAddress> virtual_addresses, Mistakes& mistakes) {
    const auto list = mapping.find("unicast-peers");
    if (!list) return {};
    std::vector<IpAddress> peers;
    for (const Item& element : read_list(*list, list_form, mistakes)) {
        const auto peer = read_value(element, address_form, mistakes);
        if (!peer) continue;
        const std::string objection = objection_to(*peer, family, virtual_addresses, peers);
        if (objection.empty())
            peers.push_back(*peer);
        else
            mistakes.add(element.position, "unicast peer " + peer->to_string() + objection);
    }
    return peers;
}

std::uint8_t read_minimum_ttl(const Mapping& mapping, Mistakes& mistakes) {
    constexpr std::uint8_t highest = 255;
    const auto ttl = mapping.value("minimum-ttl", ttl_form, mistakes).value_or(highest);
    if (ttl == highest || mapping.find("unicast-peers")) return ttl;
    if (!mapping.says("minimum-ttl")) return highest;
    // RFC 9568 §5.1.1.3
    mistakes.add(mapping.find("minimum-ttl")->position,
                 "minimum-ttl requires unicast-peers: multicast advertisements never cross a router and "
                 "always have TTL 255; remove the key");
    return highest;
}

}  // namespace vrrp_xdp::config

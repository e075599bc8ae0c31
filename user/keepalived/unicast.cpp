// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/unicast.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "config/text.hpp"
#include "config/values.hpp"
#include "directives/numbers.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using protocol::IpAddress;

constexpr std::size_t most_peers = 32;

/// Why the address cannot be a peer beside those before it; empty if it can.
std::string objection_to(const IpAddress& peer, std::span<const IpAddress> before,
                         std::span<const IpAddress> virtual_addresses) {
    const auto is_among = [&](std::span<const IpAddress> addresses) {
        return std::find(addresses.begin(), addresses.end(), peer) != addresses.end();
    };
    if (peer.family() != virtual_addresses.front().family())
        return "it is of another family than the virtual addresses";
    if (is_among(virtual_addresses)) return "it is a virtual address";
    if (before.size() == most_peers) return "at most 32 peers are supported";
    if (!before.empty() && before.front().is_link_local() != peer.is_link_local())
        return "either all IPv6 peers are link-local, or none";
    return {};
}

std::optional<IpAddress> read_peer(const Directive& line, std::span<const IpAddress> before,
                                   std::span<const IpAddress> virtual_addresses, Notes& notes) {
    // keepalived passes over a prefix or a range behind it.
    const auto peer = config::address_form.parse({line.name().substr(0, line.name().find_first_of("-/"))});
    if (peer && std::find(before.begin(), before.end(), *peer) != before.end()) {
        notes.left_out(line, "nothing is lost: it is listed twice");
        return std::nullopt;
    }
    std::string objection = peer ? objection_to(*peer, before, virtual_addresses) : peer.error();
    if (!peer && objection.empty()) objection = "it is not an IP address";
    if (objection.empty()) return *peer;
    notes.disagrees(line.place, config::quoted(line.name()) + " is not carried over as a peer: " + objection +
                                    "; that router would not hear this one, and both would be Active");
    return std::nullopt;
}

/// keepalived takes any TTL of a peer, unless the line names the least.
std::uint8_t read_minimum_ttl(const Directive& line, Notes& notes) {
    std::uint8_t minimum = 1;
    for (std::size_t at = 0; at + 1 < line.words.size(); ++at) {
        if (line.words[at] == "max_ttl")
            notes.left_out(line.place, "max_ttl of " + config::quoted(line.name()),
                           "only the minimum is checked");
        const auto number =
            line.words[at] == "min_ttl" ? leading_number(line.words[at + 1], 1, 255) : std::nullopt;
        if (number) minimum = static_cast<std::uint8_t>(*number);
    }
    return minimum;
}

}  // namespace

Unicast unicast_of(const std::vector<Directive>& lines, std::span<const IpAddress> virtual_addresses,
                   Notes& notes) {
    Unicast unicast;
    for (const Directive& line : lines) {
        const auto peer = read_peer(line, unicast.peers, virtual_addresses, notes);
        if (!peer) continue;
        unicast.peers.push_back(*peer);
        unicast.minimum_ttl = std::min(unicast.minimum_ttl, read_minimum_ttl(line, notes));
    }
    if (lines.empty()) return unicast;
    const Place& place = lines.front().place;
    if (!unicast.peers.empty() && unicast.minimum_ttl == 1)
        notes.differs_once(place,
                           "a peer's advertisement may have any TTL, here and below, as in keepalived: if no "
                           "peer is behind a router, set minimum-ttl to 255");
    return unicast;
}

}  // namespace vrrp_xdp::keepalived

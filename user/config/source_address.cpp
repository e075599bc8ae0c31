// SPDX-License-Identifier: BSD-2-Clause
#include "config/source_address.hpp"

#include <algorithm>
#include <string>

#include "config/text.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::IpAddress;

bool is_among(const IpAddress& address, std::span<const IpAddress> addresses) {
    return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

}  // namespace

std::string objection_to_source(const IpAddress& source, std::optional<Family> family,
                                std::span<const IpAddress> virtual_addresses, bool is_owner,
                                std::span<const IpAddress> peers) {
    if (family && source.family() != *family) {
        std::string objection = "is ";
        objection += name_of(source.family());
        objection += " and the virtual addresses are ";
        objection += name_of(*family);
        return objection;
    }
    if (!is_owner && is_among(source, virtual_addresses))
        return "is a virtual address, which belongs to the Active Router: use an address of the interface "
               "itself";
    if (is_among(source, peers)) return "is a unicast peer: use this router's own address";
    if (source.family() == Family::Ipv4) return {};
    const bool goes_beyond = !peers.empty() && !peers.front().is_link_local();
    if (goes_beyond && source.is_link_local()) return "is link-local, and the unicast peers are not";
    // RFC 9568 §5.1.2.1
    if (!goes_beyond && !source.is_link_local())
        return "is not link-local, as the source of IPv6 advertisements must be unless the unicast peers "
               "have other addresses";
    return {};
}

std::optional<IpAddress> read_source_address(const Mapping& mapping, std::optional<Family> family,
                                             std::span<const IpAddress> virtual_addresses,
                                             std::optional<protocol::Priority> priority,
                                             std::span<const IpAddress> peers, Mistakes& mistakes) {
    const auto source = mapping.value("source-address", address_form, mistakes);
    if (!source) return std::nullopt;
    const bool is_owner = priority && priority->is_owner();
    const std::string objection = objection_to_source(*source, family, virtual_addresses, is_owner, peers);
    if (objection.empty()) return source;
    mistakes.add(mapping.find("source-address")->position,
                 "source-address " + source->to_string() + " " + objection);
    return std::nullopt;
}

}  // namespace vrrp_xdp::config

// SPDX-License-Identifier: BSD-2-Clause
#include "net/link_table.hpp"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace vrrp_xdp::net {
namespace {

using protocol::IpAddress;

using LinkAttributes = std::array<nlattr*, IFLA_MAX + 1>;

std::string text_of(const nlattr* attribute) {
    return attribute != nullptr ? nla_get_string(attribute) : std::string();
}

unsigned number_of(const nlattr* attribute) { return attribute != nullptr ? nla_get_u32(attribute) : 0; }

std::optional<VlanTag> tag_of(nlattr* data) {
    std::array<nlattr*, IFLA_VLAN_MAX + 1> vlan{};
    if (data == nullptr || nla_parse_nested(vlan.data(), IFLA_VLAN_MAX, data, nullptr) < 0 ||
        vlan[IFLA_VLAN_ID] == nullptr)
        return std::nullopt;
    const nlattr* protocol = vlan[IFLA_VLAN_PROTOCOL];
    const bool is_service_tag = protocol != nullptr && ntohs(nla_get_u16(protocol)) == ETH_P_8021AD;
    return VlanTag{is_service_tag ? VlanTag::Protocol::Dot1ad : VlanTag::Protocol::Dot1q,
                   nla_get_u16(vlan[IFLA_VLAN_ID])};
}

std::optional<IpAddress> address_in(const std::array<nlattr*, IFA_MAX + 1>& attributes) {
    // Of a point-to-point link IFA_ADDRESS is the other end's.
    const nlattr* own = attributes[IFA_LOCAL] != nullptr ? attributes[IFA_LOCAL] : attributes[IFA_ADDRESS];
    const auto length = own != nullptr ? static_cast<std::size_t>(nla_len(own)) : 0;
    if (length != 4 && length != 16) return std::nullopt;
    return IpAddress::from_bytes({static_cast<const std::uint8_t*>(nla_data(own)), length});
}

}  // namespace

void LinkTable::take_in(nlmsghdr& message) {
    switch (message.nlmsg_type) {
        case RTM_NEWLINK:
        case RTM_DELLINK:
            return take_in_link(message);
        case RTM_NEWADDR:
        case RTM_DELADDR:
            return take_in_address(message);
        default:
            return;
    }
}

void LinkTable::take_in_link(nlmsghdr& message) {
    LinkAttributes attributes{};
    if (nlmsg_parse(&message, sizeof(ifinfomsg), attributes.data(), IFLA_MAX, nullptr) < 0) return;
    const auto& header = *static_cast<const ifinfomsg*>(nlmsg_data(&message));
    if (header.ifi_family != AF_UNSPEC || header.ifi_index <= 0) return;
    // Events of wireless drivers name the interface and say nothing else of it.
    if (attributes[IFLA_WIRELESS] != nullptr) return;
    const auto index = static_cast<unsigned>(header.ifi_index);
    if (message.nlmsg_type == RTM_DELLINK) return drop_link(index);
    Link link = read_link(message, attributes.data());
    const auto [place, is_new] = links_.try_emplace(index);
    if (!is_new && place->second == link) return;
    place->second = std::move(link);
    changed_.insert(index);
}

LinkTable::Link LinkTable::read_link(nlmsghdr& message, nlattr** attributes) {
    const auto& header = *static_cast<const ifinfomsg*>(nlmsg_data(&message));
    Link link;
    link.name = text_of(attributes[IFLA_IFNAME]);
    link.running = (header.ifi_flags & IFF_UP) != 0 && (header.ifi_flags & IFF_RUNNING) != 0;
    link.mtu = number_of(attributes[IFLA_MTU]);
    link.parent = number_of(attributes[IFLA_LINK]);
    link.parent_elsewhere = attributes[IFLA_LINK_NETNSID] != nullptr;
    const nlattr* hardware = attributes[IFLA_ADDRESS];
    if (hardware != nullptr && nla_len(hardware) == ETH_ALEN) {
        std::memcpy(link.mac.bytes.data(), nla_data(hardware), link.mac.bytes.size());
        link.ethernet = (header.ifi_flags & IFF_LOOPBACK) == 0;
    }
    std::array<nlattr*, IFLA_INFO_MAX + 1> info{};
    if (attributes[IFLA_LINKINFO] != nullptr &&
        nla_parse_nested(info.data(), IFLA_INFO_MAX, attributes[IFLA_LINKINFO], nullptr) >= 0) {
        link.kind = text_of(info[IFLA_INFO_KIND]);
        if (link.kind == "vlan") link.tag = tag_of(info[IFLA_INFO_DATA]);
    }
    return link;
}

void LinkTable::drop_link(unsigned index) {
    const bool had_addresses = addresses_.erase(index) > 0;
    if (links_.erase(index) > 0 || had_addresses) changed_.insert(index);
}

void LinkTable::take_in_address(nlmsghdr& message) {
    std::array<nlattr*, IFA_MAX + 1> attributes{};
    if (nlmsg_parse(&message, sizeof(ifaddrmsg), attributes.data(), IFA_MAX, nullptr) < 0) return;
    const auto& header = *static_cast<const ifaddrmsg*>(nlmsg_data(&message));
    const auto address = address_in(attributes);
    if (!address) return;
    const unsigned flags =
        attributes[IFA_FLAGS] != nullptr ? nla_get_u32(attributes[IFA_FLAGS]) : header.ifa_flags;
    const Address entry{*address, header.ifa_prefixlen, (flags & IFA_F_SECONDARY) != 0,
                        (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0};

    auto& entries = addresses_[header.ifa_index];
    const auto known = std::find_if(entries.begin(), entries.end(),
                                    [&](const Address& each) { return each.is_same_entry(entry); });
    if (message.nlmsg_type == RTM_DELADDR) {
        if (known == entries.end()) return;
        entries.erase(known);
    } else if (known == entries.end()) {
        entries.push_back(entry);
    } else {
        // In its place: a renewed lease is not another address.
        if (*known == entry) return;
        *known = entry;
    }
    changed_.insert(header.ifa_index);
}

void LinkTable::replace_by(LinkTable whole) {
    std::set<unsigned> changed = std::move(changed_);
    for (const auto* table : {this, &whole}) {
        for (const auto& [index, link] : table->links_)
            if (!is_same(whole, index)) changed.insert(index);
        for (const auto& [index, entries] : table->addresses_)
            if (!is_same(whole, index)) changed.insert(index);
    }
    // Addresses that are still there keep their places.
    for (auto& [index, entries] : whole.addresses_) {
        const auto& before = addresses_[index];
        const auto place = [&](const Address& each) {
            return std::find_if(before.begin(), before.end(),
                                [&](const Address& other) { return other.is_same_entry(each); }) -
                   before.begin();
        };
        std::stable_sort(entries.begin(), entries.end(),
                         [&](const Address& one, const Address& other) { return place(one) < place(other); });
    }
    *this = std::move(whole);
    changed_ = std::move(changed);
}

std::vector<unsigned> LinkTable::take_changes() {
    std::vector<unsigned> changes(changed_.begin(), changed_.end());
    changed_.clear();
    return changes;
}

/// Whatever order the addresses are told in.
bool LinkTable::is_same(const LinkTable& other, unsigned index) const {
    const auto link = links_.find(index);
    const auto others = other.links_.find(index);
    if ((link == links_.end()) != (others == other.links_.end())) return false;
    if (link != links_.end() && !(link->second == others->second)) return false;
    const auto list = [index](const Addresses& addresses) {
        const auto found = addresses.find(index);
        return found == addresses.end() ? std::vector<Address>() : found->second;
    };
    const auto entries = list(addresses_);
    const auto other_entries = list(other.addresses_);
    return entries.size() == other_entries.size() &&
           std::is_permutation(entries.begin(), entries.end(), other_entries.begin());
}

std::optional<InterfaceState> LinkTable::state_of(unsigned index) const {
    const auto found = links_.find(index);
    if (found == links_.end()) return std::nullopt;
    const Link& link = found->second;
    return InterfaceState{.index = index,
                          .name = link.name,
                          .kind = link.kind,
                          .running = link.running,
                          .ethernet = link.ethernet,
                          .mac = link.mac,
                          .mtu = link.mtu,
                          .addresses = addresses_of(index)};
}

std::optional<InterfaceState> LinkTable::state_of(const std::string& name) const {
    const auto found = find(name);
    return found == links_.end() ? std::nullopt : state_of(found->first);
}

LinkTable::Links::const_iterator LinkTable::find(const std::string& name) const {
    return std::find_if(links_.begin(), links_.end(),
                        [&](const auto& entry) { return entry.second.name == name; });
}

std::vector<IpAddress> LinkTable::addresses_of(unsigned index) const {
    std::vector<IpAddress> found;
    const auto entries = addresses_.find(index);
    if (entries == addresses_.end()) return found;
    for (const bool secondary : {false, true})
        for (const Address& each : entries->second)
            if (each.usable && each.secondary == secondary) found.push_back(each.address);
    return found;
}

std::vector<std::string> LinkTable::names() const {
    std::vector<std::string> names;
    for (const auto& [index, link] : links_) names.push_back(link.name);
    return names;
}

Placement LinkTable::placement_of(const std::string& name) const {
    Placement placement{.port = name};
    for (auto link = find(name); link != links_.end() && link->second.tag;) {
        // A device of the same index in this namespace is not the parent that is in another one.
        const auto parent = link->second.parent_elsewhere ? links_.end() : links_.find(link->second.parent);
        if (parent == links_.end()) break;
        placement.tags.insert(placement.tags.begin(), *link->second.tag);
        placement.port = parent->second.name;
        link = parent;
    }
    return placement;
}

}  // namespace vrrp_xdp::net

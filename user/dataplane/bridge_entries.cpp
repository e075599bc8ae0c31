// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/bridge_entries.hpp"

#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include <map>
#include <memory>

namespace vrrp_xdp::dataplane {
namespace {

constexpr std::uint16_t kVlanIdBits = 0x0fff;

/// What a bridge makes of VLANs.
struct BridgeVlans {
    int index;
    bool filtering = false;
    std::uint16_t untagged = 0;  ///< that of the host's untagged frames (PVID); 0 if there is none
};

const nlattr* find_within(const nlattr* nest, int type) {
    return nest == nullptr ? nullptr
                           : nla_find(static_cast<const nlattr*>(nla_data(nest)), nla_len(nest), type);
}

int read_filtering(nl_msg* message, void* context) {
    const nlattr* const info = nlmsg_find_attr(nlmsg_hdr(message), sizeof(ifinfomsg), IFLA_LINKINFO);
    const nlattr* const found = find_within(find_within(info, IFLA_INFO_DATA), IFLA_BR_VLAN_FILTERING);
    if (found != nullptr) static_cast<BridgeVlans*>(context)->filtering = nla_get_u8(found) != 0;
    return NL_OK;
}

int read_untagged(nl_msg* message, void* context) {
    auto& vlans = *static_cast<BridgeVlans*>(context);
    nlmsghdr* const header = nlmsg_hdr(message);
    if (static_cast<const ifinfomsg*>(nlmsg_data(header))->ifi_index != vlans.index) return NL_OK;
    const nlattr* const all = nlmsg_find_attr(header, sizeof(ifinfomsg), IFLA_AF_SPEC);
    if (all == nullptr) return NL_OK;
    const nlattr* each = nullptr;
    int left = 0;
    nla_for_each_nested(each, all, left) {
        if (nla_type(each) != IFLA_BRIDGE_VLAN_INFO) continue;
        const auto* const vlan = static_cast<const bridge_vlan_info*>(nla_data(each));
        if ((vlan->flags & BRIDGE_VLAN_INFO_PVID) != 0) vlans.untagged = vlan->vid;
    }
    return NL_OK;
}

/// Asks for interfaces and has each answer read. extended: RTEXT_FILTER_…
void ask(const ifinfomsg& about, int flags, std::uint32_t extended, nl_recvmsg_msg_cb_t read,
         BridgeVlans& into) {
    const std::unique_ptr<nl_sock, decltype(&nl_socket_free)> socket(nl_socket_alloc(), nl_socket_free);
    if (!socket || nl_connect(socket.get(), NETLINK_ROUTE) < 0) return;
    nl_socket_modify_cb(socket.get(), NL_CB_VALID, NL_CB_CUSTOM, read, &into);
    const std::unique_ptr<nl_msg, decltype(&nlmsg_free)> message(nlmsg_alloc_simple(RTM_GETLINK, flags),
                                                                 nlmsg_free);
    ifinfomsg header = about;
    if (!message || nlmsg_append(message.get(), &header, sizeof(header), NLMSG_ALIGNTO) < 0 ||
        nla_put_u32(message.get(), IFLA_EXT_MASK, extended) < 0)
        return;
    if (nl_send_auto(socket.get(), message.get()) >= 0) nl_recvmsgs_default(socket.get());
}

BridgeVlans read_vlans(unsigned bridge_index) {
    BridgeVlans vlans{.index = static_cast<int>(bridge_index)};
    ifinfomsg one{};
    one.ifi_index = vlans.index;
    ask(one, 0, 0, read_filtering, vlans);
    ifinfomsg all{};
    all.ifi_family = AF_BRIDGE;
    if (vlans.filtering) ask(all, NLM_F_DUMP, RTEXT_FILTER_BRVLAN, read_untagged, vlans);
    return vlans;
}

}  // namespace

std::optional<BridgeEntries> BridgeEntries::of(const Interface& interface, int map_fd) {
    if (interface.kind != "bridge") return std::nullopt;
    auto filter = device::DeviceFilter::open();
    auto for_orders = device::DeviceFilter::open();
    if (!filter || !for_orders) return std::nullopt;
    return BridgeEntries(interface.index, map_fd, std::move(*filter), std::move(*for_orders));
}

BridgeEntries::BridgeEntries(unsigned index, int map_fd, device::DeviceFilter filter,
                             device::DeviceFilter for_orders)
    : index_(index), map_fd_(map_fd), filter_(std::move(filter)), for_orders_(std::move(for_orders)) {
    const BridgeVlans vlans = read_vlans(index);
    knows_vlans_ = vlans.filtering;
    untagged_vlan_ = vlans.untagged;
}

NotedEntry BridgeEntries::entry_of(const VirtualRouter& router) const {
    const auto tag = static_cast<std::uint16_t>(router.vlan.tag[0] & kVlanIdBits);
    const std::uint16_t vlan_id = tag != 0 ? tag : untagged_vlan_;
    return {router.mac(), index_, knows_vlans_ ? vlan_id : std::uint16_t{0}};
}

void BridgeEntries::follow(std::span<const VirtualRouter> virtual_routers,
                           const std::vector<bool>& is_active) {
    std::map<NotedEntry, bool> active;
    for (std::size_t i = 0; i < virtual_routers.size(); ++i) {
        if (!virtual_routers[i].virtual_mac) continue;
        const auto [place, is_first] = active.try_emplace(entry_of(virtual_routers[i]), true);
        place->second = place->second && is_active[i];
    }
    std::set<NotedEntry> wanted;
    for (const auto& [entry, all] : active)
        if (all) wanted.insert(entry);
    if (kept_ == wanted) return;
    for (const NotedEntry& entry : read_entries(map_fd_))
        if (!wanted.contains(entry)) {
            filter_.remove(entry.interface_index, entry.address, entry.vlan_id);
            forget_entry(map_fd_, entry);
        }
    // Also those that are noted: the guardian may have taken them away.
    for (const NotedEntry& entry : wanted) {
        note_entry(map_fd_, entry);
        if (!filter_.keep(entry.interface_index, entry.address, entry.vlan_id)) forget_entry(map_fd_, entry);
    }
    kept_ = std::move(wanted);
}

std::optional<AttachedPort::Order> BridgeEntries::order_to_leave(const VirtualRouter& router) const {
    if (!router.virtual_mac) return std::nullopt;
    const NotedEntry entry = entry_of(router);
    return AttachedPort::Order{
        for_orders_.fd(), device::DeviceFilter::removal(entry.interface_index, entry.address, entry.vlan_id)};
}

}  // namespace vrrp_xdp::dataplane

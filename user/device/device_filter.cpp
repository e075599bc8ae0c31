// SPDX-License-Identifier: BSD-2-Clause
#include "device/device_filter.hpp"

#include <linux/neighbour.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

namespace vrrp_xdp::device {
namespace {

struct FreeMessage {
    void operator()(nl_msg* message) const { nlmsg_free(message); }
};
using Message = std::unique_ptr<nl_msg, FreeMessage>;

/// A request about one entry of the device's own (NTF_SELF), which bridge(8) calls "permanent". Null without
/// memory.
Message request(int type, int flags, unsigned interface_index, const protocol::MacAddress& address,
                std::uint16_t vlan_id) {
    ndmsg header{};
    header.ndm_family = PF_BRIDGE;
    header.ndm_ifindex = static_cast<int>(interface_index);
    header.ndm_state = NUD_PERMANENT;
    header.ndm_flags = NTF_SELF;
    Message message(nlmsg_alloc_simple(type, flags));
    if (!message || nlmsg_append(message.get(), &header, sizeof(header), NLMSG_ALIGNTO) < 0 ||
        nla_put(message.get(), NDA_LLADDR, static_cast<int>(address.bytes.size()), address.bytes.data()) <
            0 ||
        (vlan_id != 0 && nla_put_u16(message.get(), NDA_VLAN, vlan_id) < 0))
        return nullptr;
    return message;
}

/// 0, or libnl's negative error.
int send(nl_sock* socket, Message message) {
    return message ? nl_send_sync(socket, message.release()) : -NLE_NOMEM;
}

}  // namespace

void DeviceFilter::FreeSocket::operator()(nl_sock* socket) const { nl_socket_free(socket); }

Result<DeviceFilter> DeviceFilter::open() {
    DeviceFilter filter(nl_socket_alloc());
    if (!filter.socket_) return failure("opening netlink: out of memory");
    if (const int error = nl_connect(filter.socket_.get(), NETLINK_ROUTE); error < 0)
        return failure(std::string("opening netlink: ") + nl_geterror(error));
    return filter;
}

Result<Entry> DeviceFilter::add(unsigned interface_index, const protocol::MacAddress& address) const {
    // Without NLM_F_EXCL the kernel does not tell that the entry was there.
    const int error =
        send(socket_.get(), request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, interface_index, address, 0));
    if (error == -NLE_EXIST) return Entry::Found;
    if (error < 0)
        return failure("adding " + address.to_string() + " to the device's filter: " + nl_geterror(error));
    return Entry::Made;
}

Result<void> DeviceFilter::keep(unsigned bridge_index, const protocol::MacAddress& address,
                                std::uint16_t vlan_id) const {
    const int error = send(
        socket_.get(), request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, bridge_index, address, vlan_id));
    if (error < 0)
        return failure("adding " + address.to_string() + " to the bridge's table: " + nl_geterror(error));
    return {};
}

void DeviceFilter::remove(unsigned interface_index, const protocol::MacAddress& address,
                          std::uint16_t vlan_id) const {
    send(socket_.get(), request(RTM_DELNEIGH, 0, interface_index, address, vlan_id));
}

std::vector<std::uint8_t> DeviceFilter::removal(unsigned interface_index, const protocol::MacAddress& address,
                                                std::uint16_t vlan_id) {
    const Message message = request(RTM_DELNEIGH, 0, interface_index, address, vlan_id);
    if (!message) return {};
    nlmsghdr* const header = nlmsg_hdr(message.get());
    header->nlmsg_flags |= NLM_F_REQUEST;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(header);
    return {bytes, bytes + header->nlmsg_len};
}

int DeviceFilter::fd() const { return nl_socket_get_fd(socket_.get()); }

}  // namespace vrrp_xdp::device

// SPDX-License-Identifier: BSD-2-Clause
#include "net/host_addresses.hpp"

#include <linux/if_addr.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include <memory>

#include "net/netlink.hpp"
#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::net {
namespace {

using protocol::Family;
using protocol::IpAddress;

/// What IFA_PROTO says of ours: VRRP's own number. The kernel uses 1 to 3.
constexpr std::uint8_t kMark = VRRP_XDP_IP_PROTOCOL;

constexpr std::uint32_t kForever = ~0U;

int family_of(const IpAddress& address) { return address.family() == Family::Ipv4 ? AF_INET : AF_INET6; }

/// Names the address and nothing else. Null without memory.
Message request(int type, int flags, unsigned interface_index, const IpAddress& address) {
    ifaddrmsg header{};
    header.ifa_family = static_cast<std::uint8_t>(family_of(address));
    header.ifa_prefixlen = static_cast<std::uint8_t>(8 * address.bytes().size());
    header.ifa_index = interface_index;
    Message message(nlmsg_alloc_simple(type, flags));
    const auto bytes = address.bytes();
    const int length = static_cast<int>(bytes.size());
    if (!message || nlmsg_append(message.get(), &header, sizeof(header), NLMSG_ALIGNTO) < 0 ||
        nla_put(message.get(), IFA_LOCAL, length, bytes.data()) < 0 ||
        nla_put(message.get(), IFA_ADDRESS, length, bytes.data()) < 0)
        return nullptr;
    return message;
}

bool add_properties(nl_msg* message, Family family) {
    if (nla_put_u32(message, IFA_FLAGS, IFA_F_NODAD | IFA_F_NOPREFIXROUTE) < 0 ||
        nla_put_u8(message, IFA_PROTO, kMark) < 0)
        return false;
    if (family == Family::Ipv4) return true;
    ifa_cacheinfo lifetimes{};
    lifetimes.ifa_prefered = 0;
    lifetimes.ifa_valid = kForever;
    return nla_put(message, IFA_CACHEINFO, sizeof(lifetimes), &lifetimes) >= 0;
}

/// 0, or libnl's negative error.
int send(nl_sock* socket, Message message) {
    return message ? nl_send_sync(socket, message.release()) : -NLE_NOMEM;
}

/// What a dump is gathered for.
struct Search {
    unsigned interface_index;
    std::vector<IpAddress> found;
};

int gather(nl_msg* message, void* context) {
    auto& search = *static_cast<Search*>(context);
    nlmsghdr* const header = nlmsg_hdr(message);
    const auto* const described = static_cast<const ifaddrmsg*>(nlmsg_data(header));
    const nlattr* const mark = nlmsg_find_attr(header, sizeof(ifaddrmsg), IFA_PROTO);
    const nlattr* address = nlmsg_find_attr(header, sizeof(ifaddrmsg), IFA_LOCAL);
    if (address == nullptr) address = nlmsg_find_attr(header, sizeof(ifaddrmsg), IFA_ADDRESS);
    if (described->ifa_index != search.interface_index || mark == nullptr || nla_get_u8(mark) != kMark ||
        address == nullptr)
        return NL_OK;
    const auto length = static_cast<std::size_t>(nla_len(address));
    if (length == 4 || length == 16)
        search.found.push_back(
            IpAddress::from_bytes({static_cast<const std::uint8_t*>(nla_data(address)), length}));
    return NL_OK;
}

}  // namespace

Result<Given> give_address(unsigned interface_index, const IpAddress& address) {
    const auto socket = open_netlink();
    if (!socket) return tl::unexpected(socket.error());
    auto message = request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, interface_index, address);
    if (message && !add_properties(message.get(), address.family())) message.reset();
    const int error = send(socket->get(), std::move(message));
    if (error == -NLE_EXIST) return Given::Before;
    if (error < 0) return netlink_failure("adding " + address.to_string(), error);
    return Given::Now;
}

Result<void> take_address(unsigned interface_index, const IpAddress& address) {
    const auto socket = open_netlink();
    if (!socket) return tl::unexpected(socket.error());
    const int error = send(socket->get(), request(RTM_DELADDR, 0, interface_index, address));
    if (error < 0 && error != -NLE_NOADDR && error != -NLE_NODEV)
        return netlink_failure("removing " + address.to_string(), error);
    return {};
}

Result<std::vector<IpAddress>> given_addresses(unsigned interface_index) {
    const auto socket = open_netlink();
    if (!socket) return tl::unexpected(socket.error());
    Search search{.interface_index = interface_index, .found = {}};
    nl_socket_modify_cb(socket->get(), NL_CB_VALID, NL_CB_CUSTOM, gather, &search);
    ifaddrmsg every{};
    if (const int error = nl_send_simple(socket->get(), RTM_GETADDR, NLM_F_DUMP, &every, sizeof(every));
        error < 0)
        return netlink_failure("listing addresses", error);
    if (const int error = nl_recvmsgs_default(socket->get()); error < 0)
        return netlink_failure("listing addresses", error);
    return std::move(search.found);
}

}  // namespace vrrp_xdp::net

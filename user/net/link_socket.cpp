// SPDX-License-Identifier: BSD-2-Clause
#include "net/link_socket.hpp"

#include <linux/if_packet.h>
#include <linux/pkt_sched.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace vrrp_xdp::net {
namespace {

// Room for a full batch on a slow link: nothing may wait, and what does not fit is not sent.
constexpr int kSendBufferBytes = 4 << 20;

/// 0, or an errno.
int join_ipv4(int socket, unsigned interface_index, const protocol::IpAddress& group) {
    ip_mreqn request{};
    std::memcpy(&request.imr_multiaddr, group.bytes().data(), sizeof(request.imr_multiaddr));
    request.imr_ifindex = static_cast<int>(interface_index);
    return setsockopt(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) == 0 ? 0 : errno;
}

int join_ipv6(int socket, unsigned interface_index, const protocol::IpAddress& group) {
    ipv6_mreq request{};
    std::memcpy(&request.ipv6mr_multiaddr, group.bytes().data(), sizeof(request.ipv6mr_multiaddr));
    request.ipv6mr_interface = interface_index;
    return setsockopt(socket, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &request, sizeof(request)) == 0 ? 0 : errno;
}

int join(int socket, unsigned interface_index, const protocol::IpAddress& group) {
    return group.family() == protocol::Family::Ipv4 ? join_ipv4(socket, interface_index, group)
                                                    : join_ipv6(socket, interface_index, group);
}

void leave(int socket, unsigned interface_index, const protocol::IpAddress& group) {
    if (group.family() == protocol::Family::Ipv4) {
        ip_mreqn request{};
        std::memcpy(&request.imr_multiaddr, group.bytes().data(), sizeof(request.imr_multiaddr));
        request.imr_ifindex = static_cast<int>(interface_index);
        setsockopt(socket, IPPROTO_IP, IP_DROP_MEMBERSHIP, &request, sizeof(request));
    } else {
        ipv6_mreq request{};
        std::memcpy(&request.ipv6mr_multiaddr, group.bytes().data(), sizeof(request.ipv6mr_multiaddr));
        request.ipv6mr_interface = interface_index;
        setsockopt(socket, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &request, sizeof(request));
    }
}

/// What the kernel says of a group on an interface whose IPv6 is gone: the MTU is below 1280 (RFC 8200 §5).
bool is_without_ipv6(int error, const protocol::IpAddress& group) {
    return group.family() == protocol::Family::Ipv6 && (error == EINVAL || error == ENODEV);
}

}  // namespace

Result<LinkSocket> LinkSocket::open(unsigned interface_index) {
    UniqueFd packet(
        ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));  // protocol 0: nothing is delivered to it
    if (!packet) return system_failure("opening a packet socket", errno, "run as root, or with CAP_NET_RAW");
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = static_cast<int>(interface_index);
    if (bind(packet.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        return system_failure("binding a packet socket");

    // Both make sending dependable and neither is needed for it: a refusal changes nothing.
    setsockopt(packet.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kSendBufferBytes, sizeof(kSendBufferBytes));
    const int priority = TC_PRIO_CONTROL;
    setsockopt(packet.get(), SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority));

    return LinkSocket(std::move(packet), interface_index);
}

Result<void> LinkSocket::admit(const protocol::MacAddress& address) const {
    packet_mreq request{};
    request.mr_ifindex = static_cast<int>(interface_index_);
    request.mr_type = PACKET_MR_UNICAST;
    request.mr_alen = static_cast<unsigned short>(address.bytes.size());
    std::memcpy(request.mr_address, address.bytes.data(), address.bytes.size());
    if (setsockopt(packet_.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)) == 0)
        return {};
    request.mr_type = PACKET_MR_PROMISC;
    if (setsockopt(packet_.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)) == 0)
        return {};
    return system_failure("accepting frames to " + address.to_string());
}

// The kernel lets a socket be a member of only so many groups (igmp_max_memberships, optmem_max), and a
// process have only so many sockets: each takes as many as it can.
tl::expected<int, int> LinkSocket::become_member(const protocol::IpAddress& group) {
    const bool ipv4 = group.family() == protocol::Family::Ipv4;
    std::vector<UniqueFd>& sockets = ipv4 ? members_ : members6_;
    int error = sockets.empty() ? ENOBUFS : net::join(sockets.back().get(), interface_index_, group);
    if (error == ENOBUFS || error == ENOMEM) {
        UniqueFd socket(::socket(ipv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        if (!socket) return tl::unexpected(errno);
        error = net::join(socket.get(), interface_index_, group);
        sockets.push_back(std::move(socket));
    }
    if (error != 0 && error != EADDRINUSE) return tl::unexpected(error);
    return sockets.back().get();
}

Result<void> LinkSocket::join(const protocol::IpAddress& group) {
    for (const Membership& membership : memberships_)
        if (membership.group == group) return {};
    const auto member = become_member(group);
    if (!member && !is_without_ipv6(member.error(), group))
        return system_failure("joining " + group.to_string(), member.error());
    memberships_.push_back({group, member.value_or(-1)});
    return {};
}

Result<void> LinkSocket::join_again(const protocol::IpAddress& group) {
    for (Membership& membership : memberships_) {
        if (membership.group != group) continue;
        // First of all: a socket that thinks that it is a member still, and leaves later, would take the new
        // membership with it.
        if (membership.member >= 0) leave(membership.member, interface_index_, group);
        const auto member = become_member(group);
        membership.member = member.value_or(-1);
        if (!member) return system_failure("joining " + group.to_string(), member.error());
    }
    return {};
}

std::vector<protocol::IpAddress> LinkSocket::groups() const {
    std::vector<protocol::IpAddress> groups;
    for (const Membership& membership : memberships_) groups.push_back(membership.group);
    return groups;
}

bool LinkSocket::is_bound() const {
    sockaddr_ll address{};
    socklen_t size = sizeof(address);
    return getsockname(packet_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
           address.sll_ifindex == static_cast<int>(interface_index_);
}

FrameBatch::FrameBatch(std::size_t capacity) : buffers_(capacity), messages_(capacity), tags_(capacity) {
    for (std::size_t i = 0; i < capacity; ++i) {
        messages_[i].msg_hdr.msg_iov = &buffers_[i];
        messages_[i].msg_hdr.msg_iovlen = 1;
    }
}

void FrameBatch::add(const Frame& frame, const sockaddr_in6* to, socklen_t to_bytes, std::uint32_t tag) {
    if (used_ == buffers_.size()) return;
    messages_[used_].msg_hdr.msg_name = to_bytes == 0 ? nullptr : const_cast<sockaddr_in6*>(to);
    messages_[used_].msg_hdr.msg_namelen = to_bytes;
    buffers_[used_] = {const_cast<std::uint8_t*>(frame.data()), frame.size()};
    tags_[used_++] = tag;
}

int FrameBatch::send_from(int socket, std::size_t first) {
    const auto count = static_cast<unsigned>(used_ - first);
    const int taken = sendmmsg(socket, &messages_[first], count, MSG_DONTWAIT);
    return taken >= 0 ? taken : -errno;
}

}  // namespace vrrp_xdp::net

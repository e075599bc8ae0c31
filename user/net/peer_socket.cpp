// SPDX-License-Identifier: BSD-2-Clause
#include "net/peer_socket.hpp"

#include <linux/pkt_sched.h>

#include <cstring>

namespace vrrp_xdp::net {
namespace {

using protocol::Family;

constexpr int kSendBufferBytes = 4 << 20;

}  // namespace

Destination destination_of(const protocol::IpAddress& address, unsigned interface_index) {
    Destination to;
    if (address.family() == Family::Ipv4) {
        sockaddr_in ipv4{};
        ipv4.sin_family = AF_INET;
        std::memcpy(&ipv4.sin_addr, address.bytes().data(), sizeof(ipv4.sin_addr));
        std::memcpy(&to.address, &ipv4, sizeof(ipv4));
        to.length = sizeof(ipv4);
        return to;
    }
    to.address.sin6_family = AF_INET6;
    std::memcpy(&to.address.sin6_addr, address.bytes().data(), sizeof(to.address.sin6_addr));
    if (address.is_link_local()) to.address.sin6_scope_id = interface_index;
    to.length = sizeof(to.address);
    return to;
}

Result<UniqueFd> open_peer_socket(Family family, const std::string& interface_name) {
    // IPPROTO_RAW: with headers of ours, and nothing is delivered to it.
    UniqueFd raw(::socket(family == Family::Ipv4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    if (!raw) return system_failure("opening a raw socket", errno, "run as root, or with CAP_NET_RAW");
    if (setsockopt(raw.get(), SOL_SOCKET, SO_BINDTODEVICE, interface_name.c_str(),
                   static_cast<socklen_t>(interface_name.size())) != 0)
        return system_failure("binding a raw socket to " + interface_name);
    // Both make sending dependable and neither is needed for it: a refusal changes nothing.
    setsockopt(raw.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kSendBufferBytes, sizeof(kSendBufferBytes));
    const int priority = TC_PRIO_CONTROL;
    setsockopt(raw.get(), SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority));
    return raw;
}

bool sends_by(int peer_socket, unsigned interface_index) {
    int bound = 0;
    socklen_t size = sizeof(bound);
    return getsockopt(peer_socket, SOL_SOCKET, SO_BINDTOIFINDEX, &bound, &size) == 0 &&
           bound == static_cast<int>(interface_index);
}

}  // namespace vrrp_xdp::net

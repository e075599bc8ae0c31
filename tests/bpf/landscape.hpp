// SPDX-License-Identifier: BSD-2-Clause
// The network that the tests play in, and its everyday frames: a host, a peer router, and the virtual address
// of the default Router{}.
#pragma once

#include "support/packet.hpp"

namespace vrrp_xdp::test {

inline constexpr std::size_t kEthernetBytes = 14;

inline const MacAddress kHostMac = mac("02:00:00:00:00:0a");
inline const IpAddress kHostIp = ip("192.0.2.10");
inline const MacAddress kPeerMac = mac("02:00:00:00:00:02");
inline const IpAddress kPeerIp = ip("192.0.2.2");
inline const MacAddress kRouterMac = mac("02:00:00:00:00:01");
inline const IpAddress kVirtualIp = ip("192.0.2.254");
inline const MacAddress kVirtualMac = ipv4_virtual_mac(10);
inline const IpAddress kFarIp = ip("203.0.113.7");
inline const IpAddress kNoAddress = ip("0.0.0.0");
inline const IpAddress kAllVrrp = ip("224.0.0.18");

inline const Ethernet kHostBroadcast{.destination = kBroadcastMac, .source = kHostMac};
inline const Ethernet kHostToVirtualMac{.destination = kVirtualMac, .source = kHostMac};
inline const Ethernet kPeerMulticast{.destination = kVrrpMulticastMac, .source = kPeerMac};

/// The host asks everybody.
inline Bytes arp_request(const IpAddress& target = kVirtualIp, const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kBroadcastMac, .source = kHostMac, .tags = tags}.frame(
        kEthertypeArp, Arp{.sender_mac = kHostMac, .sender_ip = kHostIp, .target_ip = target}.bytes());
}

/// The virtual address is at the virtual MAC, says the Active Router to the host.
inline Bytes arp_reply(const IpAddress& asker = kHostIp, const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kHostMac, .source = kVirtualMac, .tags = tags}.frame(
        kEthertypeArp, Arp{.operation = kArpReply,
                           .sender_mac = kVirtualMac,
                           .sender_ip = kVirtualIp,
                           .target_mac = kHostMac,
                           .target_ip = asker}
                           .bytes());
}

/// Gratuitous ARP: whoever has this MAC says that it has the virtual address.
inline Bytes arp_announcement(const MacAddress& from, std::uint16_t operation = kArpRequest) {
    return Ethernet{.destination = kBroadcastMac, .source = from}.frame(
        kEthertypeArp, Arp{.operation = operation,
                           .sender_mac = from,
                           .sender_ip = kVirtualIp,
                           .target_mac = operation == kArpReply ? from : MacAddress{},
                           .target_ip = kVirtualIp}
                           .bytes());
}

/// UDP from the host to somewhere, by way of the virtual MAC.
inline Bytes routed_packet(const IpAddress& destination = kFarIp, const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kVirtualMac, .source = kHostMac, .tags = tags}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = destination}.packet(Bytes(26, 0x55)));
}

/// What an advertisement of the peer travels in.
inline Ipv4 advertisement_envelope() {
    return {.source = kPeerIp, .destination = kAllVrrp, .protocol = kProtocolVrrp, .ttl = 255, .tos = 0xc0};
}

inline Bytes advertisement(const Bytes& message, const Ipv4& envelope = advertisement_envelope(),
                           const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kVrrpMulticastMac, .source = kPeerMac, .tags = tags}.frame(
        kEthertypeIpv4, envelope.packet(message));
}

}  // namespace vrrp_xdp::test

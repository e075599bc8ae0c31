// SPDX-License-Identifier: BSD-2-Clause
// The same network over IPv6: its addresses and everyday frames. The virtual addresses are ipv6_router()'s.
#pragma once

#include "landscape.hpp"
#include "support/packet.hpp"

namespace vrrp_xdp::test {

inline const IpAddress kHostIp6 = ip("2001:db8::a");
inline const IpAddress kHostLinkLocal = ip("fe80::a");
inline const IpAddress kPeerLinkLocal = ip("fe80::2");
inline const IpAddress kVirtualIp6 = ip("2001:db8::fe");
inline const IpAddress kVirtualLinkLocal = ip("fe80::fe");
inline const IpAddress kFarIp6 = ip("2001:db8:ffff::7");
inline const IpAddress kUnspecified = ip("::");
inline const IpAddress kAllNodes = ip("ff02::1");
inline const IpAddress kAllVrrp6 = ip("ff02::12");
/// The solicited-node group of both virtual addresses.
inline const IpAddress kSolicitedNode = ip("ff02::1:ff00:fe");

inline const MacAddress kVirtualMac6 = ipv6_virtual_mac(10);
inline const MacAddress kAllNodesMac = mac("33:33:00:00:00:01");
inline const MacAddress kSolicitedNodeMac = mac("33:33:ff:00:00:fe");

/// Neighbour Discovery's, which no router forwards.
inline Ipv6 nd_envelope(const IpAddress& source, const IpAddress& destination) {
    return {.source = source, .destination = destination, .protocol = kProtocolIcmpv6, .hop_limit = 255};
}

/// The host asks where the virtual address is. A test changes what it is about.
struct Solicitation {
    Ethernet link{.destination = kSolicitedNodeMac, .source = kHostMac};
    Ipv6 envelope = nd_envelope(kHostIp6, kSolicitedNode);
    IpAddress target = kVirtualIp6;
    Bytes options = nd_option(kSourceAddressOption, kHostMac);
    std::uint8_t code = 0;
    std::uint16_t checksum_error = 0;

    Bytes frame() const {
        const Icmpv6 icmp{
            .code = code, .body = neighbour_body(target, options), .checksum_error = checksum_error};
        return link.frame(kEthertypeIpv6, envelope.packet(icmp.message(envelope)));
    }
};

/// Asked by a host that has no address yet and wants this one.
inline Solicitation duplicate_address_detection() {
    return {.envelope = nd_envelope(kUnspecified, kSolicitedNode), .options = {}};
}

inline constexpr std::uint8_t kRouterFlag = 0x80;
inline constexpr std::uint8_t kSolicitedFlag = 0x40;
inline constexpr std::uint8_t kOverrideFlag = 0x20;

/// Somebody says where the target is.
struct NeighbourAdvertisement {
    Ethernet link;
    Ipv6 envelope;
    IpAddress target;
    std::uint8_t flags = 0;
    Bytes options{};

    Bytes frame() const {
        const Icmpv6 icmp{.type = kNeighbourAdvertisement, .body = neighbour_body(target, options, flags)};
        return link.frame(kEthertypeIpv6, envelope.packet(icmp.message(envelope)));
    }
};

/// The target is at the virtual MAC, says the Active Router to the host.
inline Bytes nd_answer(const IpAddress& target = kVirtualIp6, const IpAddress& asker = kHostIp6,
                       const std::vector<Tag>& tags = {}) {
    return NeighbourAdvertisement{.link = {.destination = kHostMac, .source = kVirtualMac6, .tags = tags},
                                  .envelope = nd_envelope(target, asker),
                                  .target = target,
                                  .flags = kRouterFlag | kSolicitedFlag | kOverrideFlag,
                                  .options = nd_option(kTargetAddressOption, kVirtualMac6)}
        .frame();
}

/// The same to everybody, since the host has no address yet.
inline Bytes nd_answer_to_all(const IpAddress& target = kVirtualIp6, const std::vector<Tag>& tags = {}) {
    return NeighbourAdvertisement{.link = {.destination = kAllNodesMac, .source = kVirtualMac6, .tags = tags},
                                  .envelope = nd_envelope(target, kAllNodes),
                                  .target = target,
                                  .flags = kRouterFlag | kOverrideFlag,
                                  .options = nd_option(kTargetAddressOption, kVirtualMac6)}
        .frame();
}

/// UDP from the host to somewhere, by way of the virtual MAC.
inline Bytes routed_packet6(const IpAddress& destination = kFarIp6, const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kVirtualMac6, .source = kHostMac, .tags = tags}.frame(
        kEthertypeIpv6, Ipv6{.source = kHostIp6, .destination = destination}.packet(Bytes(26, 0x55)));
}

/// What an advertisement of the peer travels in.
inline Ipv6 advertisement_envelope6() {
    return {.source = kPeerLinkLocal, .destination = kAllVrrp6, .protocol = kProtocolVrrp, .hop_limit = 255};
}

inline Bytes advertisement6(const Bytes& message, const Ipv6& envelope = advertisement_envelope6(),
                            const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kVrrpMulticastMac6, .source = kPeerMac, .tags = tags}.frame(
        kEthertypeIpv6, envelope.packet(message));
}

/// With the right checksum for that envelope.
inline Bytes advertisement6(const Vrrp& vrrp, const Ipv6& envelope = advertisement_envelope6(),
                            const std::vector<Tag>& tags = {}) {
    return advertisement6(vrrp.message_summed_with(envelope), envelope, tags);
}

}  // namespace vrrp_xdp::test

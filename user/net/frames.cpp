// SPDX-License-Identifier: BSD-2-Clause
#include "net/frames.hpp"

#include <algorithm>
#include <array>

#include "net/packet_bytes.hpp"
#include "protocol/advertisement.hpp"
#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::net {
namespace {

using protocol::Family;
using protocol::IpAddress;
using protocol::MacAddress;

constexpr std::uint8_t kInternetworkControl = 0xc0;  // TOS; precedence 6, as routing protocols use
constexpr std::array<std::uint8_t, 16> kAllNodes{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

Frame ipv4_header(const IpAddress& source, const IpAddress& destination, std::size_t payload_bytes) {
    constexpr std::size_t header_bytes = 20;
    Frame header{0x45, kInternetworkControl};
    append_u16(header, header_bytes + payload_bytes);
    // Never a fragment, so that no identification is needed (RFC 6864 §4.1).
    append(header, std::array<std::uint8_t, 4>{0, 0, 0x40, 0});
    append(header, std::array<std::uint8_t, 4>{255, VRRP_XDP_IP_PROTOCOL, 0, 0});
    append(header, source.bytes());
    append(header, destination.bytes());
    store_checksum(header, 10);
    return header;
}

Frame ipv6_header(const IpAddress& source, const IpAddress& destination, std::size_t payload_bytes,
                  std::uint8_t next_header) {
    Frame header{0x60 | kInternetworkControl >> 4, 0, 0, 0};
    append_u16(header, payload_bytes);
    append(header, std::array<std::uint8_t, 2>{next_header, 255});
    append(header, source.bytes());
    append(header, destination.bytes());
    return header;
}

Frame unsolicited_advertisement(const MacAddress& mac, const IpAddress& address) {
    constexpr std::uint8_t router_and_override = 0xa0;
    Frame message{136, 0, 0, 0, router_and_override, 0, 0, 0};
    append(message, address.bytes());
    append(message, std::array<std::uint8_t, 2>{2, 1});  // target link-layer address
    append(message, mac.bytes);

    const IpAddress group = IpAddress::from_bytes(kAllNodes);
    store_icmpv6_checksum(message, address, group);

    Frame frame = ethernet(multicast_mac(group), mac, kEthertypeIpv6);
    append(frame, ipv6_header(address, group, message.size(), kIcmpv6));
    append(frame, message);
    return frame;
}

}  // namespace

Frame advertisement_packet(const IpAddress& source, const IpAddress& destination,
                           std::span<const std::uint8_t> message) {
    Frame packet = source.family() == Family::Ipv4
                       ? ipv4_header(source, destination, message.size())
                       : ipv6_header(source, destination, message.size(), VRRP_XDP_IP_PROTOCOL);
    append(packet, message);
    return packet;
}

Frame advertisement_frame(const MacAddress& mac, const IpAddress& source,
                          std::span<const std::uint8_t> message) {
    const IpAddress group = protocol::advertisement_group(source.family());
    const bool ipv4 = source.family() == Family::Ipv4;
    Frame frame = ethernet(multicast_mac(group), mac, ipv4 ? kEthertypeIpv4 : kEthertypeIpv6);
    append(frame, advertisement_packet(source, group, message));
    return frame;
}

Frame announcement_frame(const MacAddress& mac, const IpAddress& address) {
    // The target hardware address too: RFC 9568 leaves open whether it is meant (errata 7947 and 7949), and
    // who follows RFC 5227 ignores it.
    return address.family() == Family::Ipv4 ? arp_request(mac, address, address, mac)
                                            : unsolicited_advertisement(mac, address);
}

IpAddress solicited_node_group(const IpAddress& address) {
    std::array<std::uint8_t, 16> group{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};
    std::copy_n(address.bytes().begin() + 13, 3, group.begin() + 13);
    return IpAddress::from_bytes(group);
}

}  // namespace vrrp_xdp::net

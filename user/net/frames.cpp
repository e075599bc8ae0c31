// SPDX-License-Identifier: BSD-2-Clause
#include "net/frames.hpp"

#include <algorithm>
#include <array>

#include "protocol/advertisement.hpp"
#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::net {
namespace {

using protocol::Family;
using protocol::IpAddress;
using protocol::MacAddress;

constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
constexpr std::uint16_t kEthertypeArp = 0x0806;
constexpr std::uint16_t kEthertypeIpv6 = 0x86dd;
constexpr std::uint8_t kIcmpv6 = 58;
constexpr std::uint8_t kInternetworkControl = 0xc0;  // TOS; precedence 6, as routing protocols use
constexpr MacAddress kBroadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
constexpr std::array<std::uint8_t, 16> kAllNodes{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

void append(Frame& frame, std::span<const std::uint8_t> bytes) {
    frame.insert(frame.end(), bytes.begin(), bytes.end());
}

void append_u16(Frame& frame, std::uint16_t value) {
    frame.push_back(static_cast<std::uint8_t>(value >> 8));
    frame.push_back(static_cast<std::uint8_t>(value));
}

void store_u16(Frame& frame, std::size_t offset, std::uint16_t value) {
    frame[offset] = static_cast<std::uint8_t>(value >> 8);
    frame[offset + 1] = static_cast<std::uint8_t>(value);
}

Frame ethernet(const MacAddress& destination, const MacAddress& source, std::uint16_t ethertype) {
    Frame frame;
    append(frame, destination.bytes);
    append(frame, source.bytes);
    append_u16(frame, ethertype);
    return frame;
}

/// 224.0.0.0/4 onto 01-00-5E-00-00-00 (RFC 1112 §6.4), ff00::/8 onto 33-33-00-00-00-00 (RFC 2464 §7).
MacAddress multicast_mac(const IpAddress& group) {
    const auto bytes = group.bytes();
    if (group.family() == Family::Ipv4)
        return {{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(bytes[1] & 0x7f), bytes[2], bytes[3]}};
    return {{0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]}};
}

/// RFC 1071. bytes: an even number of them.
std::uint16_t internet_checksum(std::span<const std::uint8_t> bytes) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += static_cast<std::uint64_t>(bytes[i]) << 8 | bytes[i + 1];
    return static_cast<std::uint16_t>(~vrrp_xdp_fold(sum));
}

Frame ipv4_header(const IpAddress& source, const IpAddress& destination, std::size_t payload_bytes) {
    constexpr std::size_t header_bytes = 20;
    Frame header{0x45, kInternetworkControl};
    append_u16(header, static_cast<std::uint16_t>(header_bytes + payload_bytes));
    // Never a fragment, so that no identification is needed (RFC 6864 §4.1).
    append(header, std::array<std::uint8_t, 4>{0, 0, 0x40, 0});
    append(header, std::array<std::uint8_t, 4>{255, VRRP_XDP_IP_PROTOCOL, 0, 0});
    append(header, source.bytes());
    append(header, destination.bytes());
    store_u16(header, 10, internet_checksum(header));
    return header;
}

Frame ipv6_header(const IpAddress& source, const IpAddress& destination, std::size_t payload_bytes,
                  std::uint8_t next_header) {
    Frame header{0x60 | kInternetworkControl >> 4, 0, 0, 0};
    append_u16(header, static_cast<std::uint16_t>(payload_bytes));
    append(header, std::array<std::uint8_t, 2>{next_header, 255});
    append(header, source.bytes());
    append(header, destination.bytes());
    return header;
}

Frame gratuitous_arp(const MacAddress& mac, const IpAddress& address) {
    Frame frame = ethernet(kBroadcast, mac, kEthertypeArp);
    append(frame, std::array<std::uint8_t, 8>{0, 1, 0x08, 0, 6, 4, 0, 1});  // Ethernet, IPv4, request
    append(frame, mac.bytes);
    append(frame, address.bytes());
    append(frame, MacAddress{}.bytes);
    append(frame, address.bytes());
    return frame;
}

Frame unsolicited_advertisement(const MacAddress& mac, const IpAddress& address) {
    constexpr std::uint8_t router_and_override = 0xa0;
    Frame message{136, 0, 0, 0, router_and_override, 0, 0, 0};
    append(message, address.bytes());
    append(message, std::array<std::uint8_t, 2>{2, 1});  // target link-layer address
    append(message, mac.bytes);

    const IpAddress group = IpAddress::from_bytes(kAllNodes);
    Frame summed(address.bytes().begin(), address.bytes().end());  // with the pseudo-header of RFC 8200 §8.1
    append(summed, group.bytes());
    append(summed, std::array<std::uint8_t, 4>{0, static_cast<std::uint8_t>(message.size()), 0, kIcmpv6});
    append(summed, message);
    store_u16(message, 2, internet_checksum(summed));

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
    return address.family() == Family::Ipv4 ? gratuitous_arp(mac, address)
                                            : unsolicited_advertisement(mac, address);
}

IpAddress solicited_node_group(const IpAddress& address) {
    std::array<std::uint8_t, 16> group{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};
    std::copy_n(address.bytes().begin() + 13, 3, group.begin() + 13);
    return IpAddress::from_bytes(group);
}

}  // namespace vrrp_xdp::net

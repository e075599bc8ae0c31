// SPDX-License-Identifier: BSD-2-Clause
#include "net/frames.hpp"

#include <array>

#include "protocol/advertisement.hpp"
#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::net {
namespace {

using protocol::IpAddress;
using protocol::MacAddress;

constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
constexpr std::uint16_t kEthertypeArp = 0x0806;
constexpr std::uint8_t kInternetworkControl = 0xc0;  // TOS; precedence 6, as routing protocols use
constexpr MacAddress kBroadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

void append(Frame& frame, std::span<const std::uint8_t> bytes) {
    frame.insert(frame.end(), bytes.begin(), bytes.end());
}

void append_u16(Frame& frame, std::uint16_t value) {
    frame.push_back(static_cast<std::uint8_t>(value >> 8));
    frame.push_back(static_cast<std::uint8_t>(value));
}

Frame ethernet(const MacAddress& destination, const MacAddress& source, std::uint16_t ethertype) {
    Frame frame;
    append(frame, destination.bytes);
    append(frame, source.bytes);
    append_u16(frame, ethertype);
    return frame;
}

/// 224.0.0.0/4 onto 01-00-5E-00-00-00 (RFC 1112 §6.4).
MacAddress multicast_mac(const IpAddress& group) {
    const auto bytes = group.bytes();
    return {{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(bytes[1] & 0x7f), bytes[2], bytes[3]}};
}

std::uint16_t header_checksum(std::span<const std::uint8_t> header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i + 1 < header.size(); i += 2)
        sum += static_cast<std::uint64_t>(header[i]) << 8 | header[i + 1];
    return static_cast<std::uint16_t>(~vrrp_xdp_fold(sum));
}

}  // namespace

Frame advertisement_frame(const MacAddress& virtual_mac, const IpAddress& source,
                          std::span<const std::uint8_t> message) {
    constexpr std::size_t header_bytes = 20;
    const IpAddress group = protocol::advertisement_group(protocol::Family::Ipv4);

    Frame header{0x45, kInternetworkControl};
    append_u16(header, static_cast<std::uint16_t>(header_bytes + message.size()));
    // Never a fragment, so that no identification is needed (RFC 6864 §4.1).
    append(header, std::array<std::uint8_t, 4>{0, 0, 0x40, 0});
    append(header, std::array<std::uint8_t, 4>{255, VRRP_XDP_IP_PROTOCOL, 0, 0});
    append(header, source.bytes());
    append(header, group.bytes());
    const std::uint16_t checksum = header_checksum(header);
    header[10] = static_cast<std::uint8_t>(checksum >> 8);
    header[11] = static_cast<std::uint8_t>(checksum);

    Frame frame = ethernet(multicast_mac(group), virtual_mac, kEthertypeIpv4);
    append(frame, header);
    append(frame, message);
    return frame;
}

Frame gratuitous_arp_frame(const MacAddress& virtual_mac, const IpAddress& address) {
    Frame frame = ethernet(kBroadcast, virtual_mac, kEthertypeArp);
    append(frame, std::array<std::uint8_t, 8>{0, 1, 0x08, 0, 6, 4, 0, 1});  // Ethernet, IPv4, request
    append(frame, virtual_mac.bytes);
    append(frame, address.bytes());
    append(frame, MacAddress{}.bytes);
    append(frame, address.bytes());
    return frame;
}

}  // namespace vrrp_xdp::net

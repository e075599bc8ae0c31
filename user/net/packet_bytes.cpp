// SPDX-License-Identifier: BSD-2-Clause
#include "net/packet_bytes.hpp"

#include <array>

#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::net {

using protocol::Family;
using protocol::IpAddress;
using protocol::MacAddress;

void append(Frame& frame, std::span<const std::uint8_t> bytes) {
    frame.insert(frame.end(), bytes.begin(), bytes.end());
}

void append_u16(Frame& frame, std::size_t value) {
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

MacAddress multicast_mac(const IpAddress& group) {
    const auto bytes = group.bytes();
    if (group.family() == Family::Ipv4)
        return {{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(bytes[1] & 0x7f), bytes[2], bytes[3]}};
    return {{0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]}};
}

Frame arp_request(const MacAddress& mac, const IpAddress& sender, const IpAddress& address,
                  const MacAddress& target) {
    Frame frame = ethernet({{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, mac, kEthertypeArp);
    append(frame, std::array<std::uint8_t, 8>{0, 1, 0x08, 0, 6, 4, 0, 1});  // Ethernet, IPv4, request
    append(frame, mac.bytes);
    append(frame, sender.bytes());
    append(frame, target.bytes);
    append(frame, address.bytes());
    return frame;
}

void store_checksum(Frame& packet, std::size_t offset, const Frame& before) {
    std::uint64_t sum = 0;
    for (const Frame* part : {&before, static_cast<const Frame*>(&packet)})
        for (std::size_t i = 0; i + 1 < part->size(); i += 2)
            sum += static_cast<std::uint64_t>((*part)[i]) << 8 | (*part)[i + 1];
    const auto checksum = static_cast<std::uint16_t>(~vrrp_xdp_fold(sum));
    packet[offset] = static_cast<std::uint8_t>(checksum >> 8);
    packet[offset + 1] = static_cast<std::uint8_t>(checksum);
}

void store_icmpv6_checksum(Frame& message, const IpAddress& source, const IpAddress& destination) {
    Frame pseudo(source.bytes().begin(), source.bytes().end());
    append(pseudo, destination.bytes());
    append_u16(pseudo, 0);
    append_u16(pseudo, message.size());
    append(pseudo, std::array<std::uint8_t, 4>{0, 0, 0, kIcmpv6});
    store_checksum(message, 2, pseudo);
}

}  // namespace vrrp_xdp::net

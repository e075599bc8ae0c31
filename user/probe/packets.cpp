// SPDX-License-Identifier: BSD-2-Clause
#include "probe/packets.hpp"

#include <algorithm>
#include <array>

#include "net/packet_bytes.hpp"

namespace vrrp_xdp::probe {
namespace {

using net::append;
using net::append_u16;
using net::ethernet;
using net::Frame;
using net::kEthertypeArp;
using net::kEthertypeIpv4;
using net::kEthertypeIpv6;
using net::kIcmpv6;
using net::store_checksum;
using net::store_icmpv6_checksum;
using protocol::Family;
using protocol::IpAddress;
using protocol::MacAddress;
using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t kIcmp = 1;
constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kIpv6Bytes = 40;

std::uint16_t u16_at(Bytes bytes, std::size_t offset) {
    return static_cast<std::uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

Frame ipv4_packet(const IpAddress& source, const IpAddress& destination, const Frame& message) {
    Frame packet{0x45, 0};
    append_u16(packet, 20 + message.size());
    append(packet, std::array<std::uint8_t, 8>{0, 0, 0x40, 0, 64, kIcmp, 0, 0});  // never a fragment; TTL 64
    append(packet, source.bytes());
    append(packet, destination.bytes());
    store_checksum(packet, 10);
    append(packet, message);
    return packet;
}

/// Fills in the message's checksum, over the pseudo-header too (RFC 8200 §8.1).
Frame ipv6_packet(const IpAddress& source, const IpAddress& destination, Frame message,
                  std::uint8_t hop_limit) {
    store_icmpv6_checksum(message, source, destination);
    Frame packet{0x60, 0, 0, 0};
    append_u16(packet, message.size());
    append(packet, std::array<std::uint8_t, 2>{kIcmpv6, hop_limit});
    append(packet, source.bytes());
    append(packet, destination.bytes());
    append(packet, message);
    return packet;
}

Frame solicitation(const Asker& asker, const IpAddress& address) {
    const IpAddress group = net::solicited_node_group(address);
    Frame message{135, 0, 0, 0, 0, 0, 0, 0};
    append(message, address.bytes());
    append(message, std::array<std::uint8_t, 2>{1, 1});  // source link-layer address
    append(message, asker.mac.bytes);
    Frame frame = ethernet(net::multicast_mac(group), asker.mac, kEthertypeIpv6);
    append(frame, ipv6_packet(asker.address, group, message, 255));
    return frame;
}

bool starts_with(Bytes bytes, Bytes wanted) {
    return bytes.size() >= wanted.size() && std::ranges::equal(bytes.first(wanted.size()), wanted);
}

MacAddress mac_at(Bytes bytes, std::size_t offset) {
    MacAddress mac;
    std::ranges::copy(bytes.subspan(offset, mac.bytes.size()), mac.bytes.begin());
    return mac;
}

std::optional<MacAddress> arp_reply(Bytes packet, const IpAddress& address) {
    constexpr std::array<std::uint8_t, 8> head{0, 1, 0x08, 0, 6, 4, 0, 2};  // Ethernet, IPv4, reply
    constexpr std::size_t bytes = 28;
    if (packet.size() < bytes || !starts_with(packet, head)) return std::nullopt;
    if (!starts_with(packet.subspan(14), address.bytes())) return std::nullopt;
    return mac_at(packet, 8);
}

/// The ICMPv6 message, of a packet without extension headers.
std::optional<Bytes> icmpv6(Bytes packet) {
    if (packet.size() < kIpv6Bytes || packet[6] != kIcmpv6) return std::nullopt;
    return packet.subspan(kIpv6Bytes);
}

std::optional<MacAddress> solicited_advertisement(Bytes frame, const IpAddress& address) {
    constexpr std::uint8_t advertisement = 136;
    constexpr std::uint8_t solicited = 0x40;
    constexpr std::size_t options = 24;
    const auto message = icmpv6(frame.subspan(kEthernetBytes));
    if (!message || message->size() < options || (*message)[0] != advertisement) return std::nullopt;
    if (((*message)[4] & solicited) == 0 || !starts_with(message->subspan(8), address.bytes()))
        return std::nullopt;
    // The target's link-layer address, if it is told; else where the frame comes from (RFC 4861 §4.4).
    if (message->size() >= options + 8 && (*message)[options] == 2) return mac_at(*message, options + 2);
    return mac_at(frame, 6);
}

}  // namespace

Frame neighbour_question(const Asker& asker, const IpAddress& address) {
    return address.family() == Family::Ipv4 ? net::arp_request(asker.mac, asker.address, address)
                                            : solicitation(asker, address);
}

Frame echo_question(const Asker& asker, const MacAddress& gateway, const IpAddress& address,
                    std::uint16_t identifier, std::uint16_t number) {
    const bool ipv4 = address.family() == Family::Ipv4;
    Frame message{static_cast<std::uint8_t>(ipv4 ? 8 : 128), 0, 0, 0};
    append_u16(message, identifier);
    append_u16(message, number);
    if (ipv4) store_checksum(message, 2);
    Frame frame = ethernet(gateway, asker.mac, ipv4 ? kEthertypeIpv4 : kEthertypeIpv6);
    append(frame, ipv4 ? ipv4_packet(asker.address, address, message)
                       : ipv6_packet(asker.address, address, message, 64));
    return frame;
}

std::optional<MacAddress> neighbour_answer(Bytes frame, const IpAddress& address) {
    if (frame.size() < kEthernetBytes) return std::nullopt;
    const std::uint16_t ethertype = u16_at(frame, 12);
    const bool ipv4 = address.family() == Family::Ipv4;
    if (ipv4 && ethertype == kEthertypeArp) return arp_reply(frame.subspan(kEthernetBytes), address);
    if (!ipv4 && ethertype == kEthertypeIpv6) return solicited_advertisement(frame, address);
    return std::nullopt;
}

std::optional<EchoAnswer> echo_answer(Bytes frame, const IpAddress& address, std::uint16_t identifier) {
    if (frame.size() < kEthernetBytes + 20) return std::nullopt;
    const Bytes packet = frame.subspan(kEthernetBytes);
    Bytes message;
    if (address.family() == Family::Ipv4) {
        const std::size_t header = std::size_t{4} * (packet[0] & 15U);
        if (u16_at(frame, 12) != kEthertypeIpv4 || packet[9] != kIcmp || packet.size() < header + 8)
            return std::nullopt;
        if (!starts_with(packet.subspan(12), address.bytes())) return std::nullopt;
        message = packet.subspan(header);
        if (message[0] != 0) return std::nullopt;
    } else {
        const auto found = icmpv6(packet);
        if (u16_at(frame, 12) != kEthertypeIpv6 || !found || found->size() < 8) return std::nullopt;
        if (!starts_with(packet.subspan(8), address.bytes())) return std::nullopt;
        message = *found;
        if (message[0] != 129) return std::nullopt;
    }
    if (u16_at(message, 4) != identifier) return std::nullopt;
    return EchoAnswer{mac_at(frame, 6), u16_at(message, 6)};
}

}  // namespace vrrp_xdp::probe

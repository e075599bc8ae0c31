// SPDX-License-Identifier: BSD-2-Clause
// Frames for tests, put together layer by layer: Ethernet{...}.frame(type, Ipv4{...}.packet(payload)). A
// field that a test does not name is ordinary; any field may be wrong on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/types.hpp"

namespace vrrp_xdp::test {

using Bytes = std::vector<std::uint8_t>;
using protocol::IpAddress;
using protocol::MacAddress;

IpAddress ip(std::string_view text);
/// text: six octets in hexadecimal with colons between them.
MacAddress mac(std::string_view text);
MacAddress ipv4_virtual_mac(std::uint8_t vrid);

inline constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEthertypeArp = 0x0806;
inline constexpr std::uint16_t kEthertype8021Q = 0x8100;
inline constexpr std::uint16_t kEthertypeIpv6 = 0x86dd;
inline constexpr std::uint16_t kEthertype8021AD = 0x88a8;

inline constexpr MacAddress kBroadcastMac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
/// Where advertisements over IPv4 go: 224.0.0.18.
inline constexpr MacAddress kVrrpMulticastMac{{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}};

/// A VLAN tag; id 0 makes it a priority tag.
struct Tag {
    std::uint16_t id = 0;
    std::uint16_t ethertype = kEthertype8021Q;
    std::uint8_t priority = 0;
};

struct Ethernet {
    MacAddress destination{};
    MacAddress source{};
    std::vector<Tag> tags{};  ///< outermost first

    Bytes frame(std::uint16_t ethertype, const Bytes& payload) const;
};

inline constexpr std::uint16_t kArpRequest = 1;
inline constexpr std::uint16_t kArpReply = 2;

/// RFC 826 for Ethernet and IPv4. Whatever the lengths in it say, addresses are six and four bytes long.
struct Arp {
    std::uint16_t operation = kArpRequest;
    MacAddress sender_mac{};
    IpAddress sender_ip;
    MacAddress target_mac{};
    IpAddress target_ip;
    std::uint16_t hardware = 1;
    std::uint16_t protocol = kEthertypeIpv4;
    std::uint8_t mac_bytes = 6;
    std::uint8_t ip_bytes = 4;

    Bytes bytes() const;
};

inline constexpr std::uint16_t kDontFragment = 0x4000;
inline constexpr std::uint16_t kMoreFragments = 0x2000;

inline constexpr std::uint8_t kProtocolUdp = 17;
inline constexpr std::uint8_t kProtocolVrrp = 112;

struct Ipv4 {
    IpAddress source;
    IpAddress destination;
    std::uint8_t protocol = kProtocolUdp;
    std::uint8_t ttl = 64;
    std::uint8_t tos = 0;
    std::uint16_t fragment = 0;                   ///< flags, and the offset in units of eight bytes
    Bytes options{};                              ///< a multiple of four bytes, up to 40
    std::uint8_t version = 4;                     //
    std::optional<std::uint8_t> ihl{};            ///< in words; what fits the options if not given
    std::optional<std::uint16_t> total_length{};  ///< what fits the payload if not given
    std::uint16_t checksum_error = 0;             ///< added to the right checksum

    Bytes packet(const Bytes& payload) const;
};

/// A VRRP message for IPv4 written field by field, for those that protocol::serialize() refuses to make. The
/// checksum covers the message alone, which is right for version 2 and one of two right forms for version 3.
struct Vrrp {
    std::uint8_t version = 3;
    std::uint8_t type = 1;
    std::uint8_t vrid = 10;
    std::uint8_t priority = 100;
    /// Version 3: four reserved bits and centiseconds. Version 2: authentication type and seconds.
    std::uint16_t interval = 100;
    std::vector<IpAddress> addresses{};
    std::optional<std::uint8_t> address_count{};  ///< how many there are if not given
    Bytes tail{};                                 ///< behind the addresses: version 2 has eight bytes there
    std::uint16_t checksum_error = 0;             ///< added to the right checksum

    Bytes message() const;
    /// The same with a checksum that covers the pseudo-header of this packet as well.
    Bytes message_summed_with(const Ipv4& envelope) const;
};

/// Zeros behind the frame up to the 60 bytes that Ethernet asks for at least.
Bytes padded(Bytes frame);

}  // namespace vrrp_xdp::test

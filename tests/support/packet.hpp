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
MacAddress ipv6_virtual_mac(std::uint8_t vrid);

inline constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEthertypeArp = 0x0806;
inline constexpr std::uint16_t kEthertype8021Q = 0x8100;
inline constexpr std::uint16_t kEthertypeIpv6 = 0x86dd;
inline constexpr std::uint16_t kEthertype8021AD = 0x88a8;

inline constexpr MacAddress kBroadcastMac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
/// Where advertisements over IPv4 go: 224.0.0.18.
inline constexpr MacAddress kVrrpMulticastMac{{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}};
/// Where advertisements over IPv6 go: ff02::12.
inline constexpr MacAddress kVrrpMulticastMac6{{0x33, 0x33, 0x00, 0x00, 0x00, 0x12}};

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

inline constexpr std::uint8_t kHopByHopOptions = 0;
inline constexpr std::uint8_t kRoutingHeader = 43;
inline constexpr std::uint8_t kFragmentHeader = 44;
inline constexpr std::uint8_t kProtocolIcmpv6 = 58;
inline constexpr std::uint8_t kDestinationOptions = 60;

/// RFC 8200 section 4.
struct Extension {
    std::uint8_t protocol = kHopByHopOptions;
    /// Behind the first two bytes: six, and any multiple of eight more. An option that pads, if not given.
    Bytes body{1, 4, 0, 0, 0, 0};
    std::optional<std::uint8_t> length{};  ///< in units of eight bytes; what fits the body if not given
};

struct Ipv6 {
    IpAddress source;
    IpAddress destination;
    std::uint8_t protocol = kProtocolUdp;  ///< behind all extension headers
    std::uint8_t hop_limit = 64;
    std::vector<Extension> extensions{};
    std::uint8_t version = 6;
    std::optional<std::uint16_t> payload_length{};  ///< what fits the payload if not given

    Bytes packet(const Bytes& payload) const;
};

inline constexpr std::uint8_t kEchoRequest = 128;
inline constexpr std::uint8_t kRouterSolicitation = 133;
inline constexpr std::uint8_t kRouterAdvertisement = 134;
inline constexpr std::uint8_t kNeighbourSolicitation = 135;
inline constexpr std::uint8_t kNeighbourAdvertisement = 136;
inline constexpr std::uint8_t kRedirect = 137;

/// RFC 4443 section 2.1.
struct Icmpv6 {
    std::uint8_t type = kNeighbourSolicitation;
    std::uint8_t code = 0;
    Bytes body{};                      ///< behind the checksum
    std::uint16_t checksum_error = 0;  ///< added to the right checksum

    /// The checksum covers the pseudo-header of this packet.
    Bytes message(const Ipv6& envelope) const;
};

/// What a Neighbour Solicitation or Advertisement has behind its checksum (RFC 4861 sections 4.3 and 4.4).
Bytes neighbour_body(const IpAddress& target, const Bytes& options = {}, std::uint8_t flags = 0);

inline constexpr std::uint8_t kSourceAddressOption = 1;
inline constexpr std::uint8_t kTargetAddressOption = 2;
inline constexpr std::uint8_t kNonceOption = 14;

/// RFC 4861 section 4.6.1. RFC 3971's nonce has the same shape.
Bytes nd_option(std::uint8_t type, const MacAddress& address);

/// A VRRP message written field by field, for those that protocol::serialize() refuses to make. The checksum
/// covers the message alone, which is right for version 2 and one of two right forms for version 3 over IPv4.
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
    Bytes message_summed_with(const Ipv6& envelope) const;
};

Bytes joined(Bytes first, const Bytes& second);

/// Zeros behind the frame up to the 60 bytes that Ethernet asks for at least.
Bytes padded(Bytes frame);

}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// What every frame is written with: octets in wire order, Ethernet's header, ARP, the Internet checksum.
#pragma once

#include <cstdint>
#include <span>

#include "net/frames.hpp"

namespace vrrp_xdp::net {

inline constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
inline constexpr std::uint16_t kEthertypeArp = 0x0806;
inline constexpr std::uint16_t kEthertypeIpv6 = 0x86dd;
inline constexpr std::uint8_t kIcmpv6 = 58;

void append(Frame& frame, std::span<const std::uint8_t> bytes);
void append_u16(Frame& frame, std::size_t value);

Frame ethernet(const protocol::MacAddress& destination, const protocol::MacAddress& source,
               std::uint16_t ethertype);

/// Maps 224.0.0.0/4 to 01-00-5E-00-00-00 (RFC 1112 §6.4), and ff00::/8 to 33-33-00-00-00-00 (RFC 2464 §7).
protocol::MacAddress multicast_mac(const protocol::IpAddress& group);

/// Returns a broadcast ARP request from the sender for the address. target: the requested hardware address,
/// which RFC 826 leaves open.
Frame arp_request(const protocol::MacAddress& mac, const protocol::IpAddress& sender,
                  const protocol::IpAddress& address, const protocol::MacAddress& target = {});

/// Stores the checksum of the whole (RFC 1071) at the offset, where zeros are. before: what is summed as
/// well, in front of it.
void store_checksum(Frame& packet, std::size_t offset, const Frame& before = {});
/// Stores the checksum of an ICMPv6 message, with the pseudo-header of RFC 8200 §8.1.
void store_icmpv6_checksum(Frame& message, const protocol::IpAddress& source,
                           const protocol::IpAddress& destination);

}  // namespace vrrp_xdp::net

// SPDX-License-Identifier: BSD-2-Clause
// Whole Ethernet frames, made ahead so that a takeover only hands them over.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

using Frame = std::vector<std::uint8_t>;

/// Returns a VRRP message in IP and Ethernet, to the VRRP group of the source's family: TTL or hop limit 255,
/// internetwork control precedence. mac: the virtual one (RFC 9568 §5.1, §7.2), if there is one.
Frame advertisement_frame(const protocol::MacAddress& mac, const protocol::IpAddress& source,
                          std::span<const std::uint8_t> message);

/// Returns a VRRP message to one router as an IP packet without a frame, so that the kernel finds the route.
Frame advertisement_packet(const protocol::IpAddress& source, const protocol::IpAddress& destination,
                           std::span<const std::uint8_t> message);

/// Says to all that the address is at this MAC. IPv4: a broadcast ARP request in which the address
/// asks for itself (RFC 9568 §6.4.1, RFC 5227 §3). IPv6: an unsolicited Neighbour Advertisement to ff02::1
/// with Router and Override set (RFC 9568 §6.4.1, RFC 4861 §7.2.6).
Frame announcement_frame(const protocol::MacAddress& mac, const protocol::IpAddress& address);

/// Returns the group for solicitations of the address: ff02::1:ff00:0/104 and its last three bytes (RFC 4291
/// §2.7.1). address: IPv6.
protocol::IpAddress solicited_node_group(const protocol::IpAddress& address);

}  // namespace vrrp_xdp::net

// SPDX-License-Identifier: BSD-2-Clause
// Whole Ethernet frames, made ahead so that a takeover only hands them over.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

using Frame = std::vector<std::uint8_t>;

/// A VRRP message in IPv4 and Ethernet, to the VRRP group: TTL 255, TOS 0xc0, from the virtual MAC
/// (RFC 9568 §5.1.1, §7.2).
Frame advertisement_frame(const protocol::MacAddress& virtual_mac, const protocol::IpAddress& source,
                          std::span<const std::uint8_t> message);

/// A broadcast ARP request in which the address asks for itself (RFC 9568 §6.4.1, RFC 5227 §3).
Frame gratuitous_arp_frame(const protocol::MacAddress& virtual_mac, const protocol::IpAddress& address);

}  // namespace vrrp_xdp::net

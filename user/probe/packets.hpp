// SPDX-License-Identifier: BSD-2-Clause
// The questions as frames, and what of a received frame answers them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "net/frames.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::probe {

/// Who asks.
struct Asker {
    protocol::MacAddress mac;
    protocol::IpAddress address;
};

/// Returns a question for the MAC of the address: a broadcast ARP request (RFC 826), or a Neighbour
/// Solicitation to its solicited-node group (RFC 4861 §4.3). Asker and address are of one family.
net::Frame neighbour_question(const Asker& asker, const protocol::IpAddress& address);

/// Returns an echo request (RFC 792, RFC 4443 §4.1) to an address, through a gateway's MAC.
net::Frame echo_question(const Asker& asker, const protocol::MacAddress& gateway,
                         const protocol::IpAddress& address, std::uint16_t identifier, std::uint16_t number);

/// Returns the MAC of the address in a frame, if it is an ARP reply or a solicited advertisement.
std::optional<protocol::MacAddress> neighbour_answer(std::span<const std::uint8_t> frame,
                                                     const protocol::IpAddress& address);

struct EchoAnswer {
    protocol::MacAddress from;  ///< of the frame
    std::uint16_t number;
};

/// Returns the echo reply of this address to this identifier, if the frame is one.
std::optional<EchoAnswer> echo_answer(std::span<const std::uint8_t> frame, const protocol::IpAddress& address,
                                      std::uint16_t identifier);

}  // namespace vrrp_xdp::probe

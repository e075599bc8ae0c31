// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::keepalived {

/// The routers that are advertised to instead of to a group.
struct Unicast {
    std::vector<protocol::IpAddress> peers;  ///< none: multicast
    std::uint8_t minimum_ttl = 255;
};

/// Returns what the lines of unicast_peer come to: "192.0.2.2 min_ttl 254". virtual_addresses: those of the
/// instance, at least one.
Unicast unicast_of(const std::vector<Directive>& lines,
                   std::span<const protocol::IpAddress> virtual_addresses, Notes& notes);

}  // namespace vrrp_xdp::keepalived

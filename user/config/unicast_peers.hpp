// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "config/config.hpp"
#include "config/mapping.hpp"
#include "config/mistakes.hpp"

namespace vrrp_xdp::config {

/// What stands under unicast-peers, if anything. family: that of the virtual addresses.
std::vector<protocol::IpAddress> read_unicast_peers(const Mapping& mapping,
                                                    std::optional<protocol::Family> family,
                                                    std::span<const protocol::IpAddress> virtual_addresses,
                                                    Mistakes& mistakes);

/// Less than 255 only beside unicast-peers.
std::uint8_t read_minimum_ttl(const Mapping& mapping, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

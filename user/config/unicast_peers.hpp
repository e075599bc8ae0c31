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

/// Returns the value of `unicast-peers`, if there is one. family: that of the virtual addresses.
std::vector<protocol::IpAddress> read_unicast_peers(const Mapping& mapping,
                                                    std::optional<protocol::Family> family,
                                                    std::span<const protocol::IpAddress> virtual_addresses,
                                                    Mistakes& mistakes);

/// Returns the value of `minimum-ttl`, which may be less than 255 only with unicast-peers.
std::uint8_t read_minimum_ttl(const Mapping& mapping, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

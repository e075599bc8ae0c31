// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <span>

#include "keepalived/instance.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// Returns mcast_src_ip or unicast_src_ip, which mean the same. virtual_addresses: those of the instance, at
/// least one. Nothing if there is none, or if it cannot be a source-address, which is noted.
std::optional<protocol::IpAddress> source_of(const Instance& instance,
                                             std::span<const protocol::IpAddress> virtual_addresses,
                                             std::span<const protocol::IpAddress> peers, Notes& notes);

}  // namespace vrrp_xdp::keepalived

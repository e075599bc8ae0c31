// SPDX-License-Identifier: BSD-2-Clause
// How long advertisements are, for the MTU of what they leave by.
#pragma once

#include <cstddef>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

/// Returns the bytes of the IP packet of an advertisement that lists so many addresses.
std::size_t advertisement_bytes(protocol::Version version, protocol::Family family, std::size_t addresses);

/// Returns how many addresses an advertisement of version 3 has room for.
std::size_t room_for_addresses(protocol::Family family, unsigned mtu);

}  // namespace vrrp_xdp::net

// SPDX-License-Identifier: BSD-2-Clause
// Addresses that a host has because we gave them to it. They carry a mark in the kernel (IFA_PROTO), by which
// they are known again after a crash. Every function waits for the kernel's answer.
#pragma once

#include <vector>

#include "protocol/types.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::net {

/// Whether the interface has the address since now, or had it before, of whomever.
enum class Given { Now, Before };

/// Alone, without a route to a prefix, and without duplicate address detection, which the Active Router would
/// answer. IPv6: never chosen as a source (preferred lifetime 0).
Result<Given> give_address(unsigned interface_index, const protocol::IpAddress& address);

/// No error if the address or the interface is gone.
Result<void> take_address(unsigned interface_index, const protocol::IpAddress& address);

/// Those on the interface that carry our mark.
Result<std::vector<protocol::IpAddress>> given_addresses(unsigned interface_index);

}  // namespace vrrp_xdp::net

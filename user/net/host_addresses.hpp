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

/// Adds the address, without a route to a prefix, and without duplicate address detection, which the Active
/// Router would answer. The kernel never chooses an IPv6 address as a source (preferred lifetime 0).
Result<Given> give_address(unsigned interface_index, const protocol::IpAddress& address);

/// Removes the address. A missing address or interface is not an error.
Result<void> take_address(unsigned interface_index, const protocol::IpAddress& address);

/// Returns the addresses on the interface that have our mark.
Result<std::vector<protocol::IpAddress>> given_addresses(unsigned interface_index);

}  // namespace vrrp_xdp::net

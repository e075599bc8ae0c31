// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "config/config.hpp"

namespace vrrp_xdp::engine {

/// Returns the bytes of the IP packet of the Virtual Router's longest advertisement.
std::size_t longest_advertisement_bytes(const config::VirtualRouter& router);

/// Returns what is wrong, in one sentence, if an advertisement of the Virtual Router does not fit the MTU and
/// so would never leave.
std::optional<std::string> too_large_for(const config::VirtualRouter& router, unsigned mtu);

}  // namespace vrrp_xdp::engine

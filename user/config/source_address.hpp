// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <span>
#include <string>

#include "config/config.hpp"
#include "config/mapping.hpp"
#include "config/mistakes.hpp"

namespace vrrp_xdp::config {

/// Returns why the advertisements of such a Virtual Router cannot come from the address, as the rest of a
/// sentence; empty if they can. is_owner: of the virtual addresses.
std::string objection_to_source(const protocol::IpAddress& source, std::optional<protocol::Family> family,
                                std::span<const protocol::IpAddress> virtual_addresses, bool is_owner,
                                std::span<const protocol::IpAddress> peers);

/// Returns the value of `source-address`, if there is one, after checking it against the rest of the Virtual
/// Router.
std::optional<protocol::IpAddress> read_source_address(const Mapping& mapping,
                                                       std::optional<protocol::Family> family,
                                                       std::span<const protocol::IpAddress> virtual_addresses,
                                                       std::optional<protocol::Priority> priority,
                                                       std::span<const protocol::IpAddress> peers,
                                                       Mistakes& mistakes);

}  // namespace vrrp_xdp::config

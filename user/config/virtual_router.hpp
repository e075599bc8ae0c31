// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <optional>

#include "config/config.hpp"
#include "config/node.hpp"

namespace vrrp_xdp::config {

/// What the Virtual Routers of one interface may not have twice, and where the first stands.
struct Taken {
    std::map<protocol::Vrid, Position> vrids;
    std::map<protocol::IpAddress, Position> addresses;
};

/// One element of virtual-routers. Nothing if a required key is missing or a mistake; where the value of
/// another key is a mistake, its default stands in.
std::optional<VirtualRouter> read_virtual_router(const Item& item, Taken& taken, Mistakes& mistakes);

/// The addresses under virtual-addresses without those that are mistakes.
std::vector<protocol::IpAddress> read_virtual_addresses(const Item& item, Taken& taken, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

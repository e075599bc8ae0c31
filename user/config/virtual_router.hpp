// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <vector>

#include "config/config.hpp"
#include "config/node.hpp"
#include "config/sync_groups.hpp"
#include "config/virtual_addresses.hpp"

namespace vrrp_xdp::config {

/// One element of virtual-routers. Nothing if a required key is missing or a mistake; where the value of
/// another key is a mistake, its default stands in. trackers: those of the file.
std::optional<VirtualRouter> read_virtual_router(const Item& item, const std::vector<Tracker>& trackers,
                                                 Taken& taken, SyncGroups& groups, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

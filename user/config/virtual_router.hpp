// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/mapping.hpp"
#include "config/node.hpp"
#include "config/origin.hpp"
#include "config/sync_groups.hpp"
#include "config/virtual_addresses.hpp"

namespace vrrp_xdp::config {

/// A Virtual Router, and where its values stand.
struct PlacedRouter {
    VirtualRouter router;
    Origin origin;
};

/// What a Virtual Router is read with.
struct RouterContext {
    const std::vector<Tracker>& trackers;          ///< of all files
    const std::vector<const Defaults*>& defaults;  ///< that hold for it, those of its interface first
};

/// One element of virtual-routers. Nothing if a required key is missing or a mistake; where the value of
/// another key is a mistake, its default stands in.
std::optional<PlacedRouter> read_virtual_router(const Item& item, const RouterContext& context, Taken& taken,
                                                SyncGroups& groups, Mistakes& mistakes);

/// What stands under defaults. Nothing if it is not a mapping. owner: whose Virtual Routers they are for, as
/// messages say it.
std::optional<Defaults> read_defaults(const Item& item, const std::vector<Tracker>& trackers,
                                      std::string owner, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

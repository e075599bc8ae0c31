// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "engine/managed_interface.hpp"
#include "status/model.hpp"

namespace vrrp_xdp::reporting {

/// Returns the status of one interface, without its trackers and the reconciler's items. Reads only what
/// never changes, the snapshots, and the data plane's counters.
status::Interface status_of(const engine::ManagedInterface& interface);

/// Returns the status of a missing interface, whose Virtual Routers are in Initialize.
status::Interface status_of_missing(const config::Interface& interface);

/// Returns a sentence for each member that keeps its whole sync group in Initialize, from the snapshots.
std::vector<std::string> idle_group_members(const engine::ManagedInterfaces& interfaces);

/// Returns how many Virtual Routers are in which state, from the snapshots, as one line. missing: the status
/// of missing interfaces.
std::string summary_of(const engine::ManagedInterfaces& interfaces,
                       const std::vector<status::Interface>& missing);

}  // namespace vrrp_xdp::reporting

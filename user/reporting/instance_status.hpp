// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "engine/managed_interface.hpp"
#include "status/model.hpp"

namespace vrrp_xdp::reporting {

/// Everything about one interface but for its trackers and the reconciler's items. From the interface only
/// what never changes is read, its snapshots, and the data plane's counters.
status::Interface status_of(const engine::ManagedInterface& interface);

/// The same of an interface that is not there: its Virtual Routers are in Initialize.
status::Interface status_of_missing(const config::Interface& interface);

/// By their snapshots, a sentence for each member that keeps its whole sync group in Initialize.
std::vector<std::string> idle_group_members(const engine::ManagedInterfaces& interfaces);

/// How many Virtual Routers are in which state by their snapshots, as one line. missing: the status of
/// interfaces that are not there.
std::string summary_of(const engine::ManagedInterfaces& interfaces,
                       const std::vector<status::Interface>& missing);

}  // namespace vrrp_xdp::reporting

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/managed_interface.hpp"

namespace vrrp_xdp::daemon {

/// Everything about one interface, in RFC 8347's words where it has them. Durations are milliseconds, points
/// in time ISO 8601 in UTC. From the interface only what never changes is read, its snapshots,
/// and the data plane's counters.
nlohmann::json status_of(const engine::ManagedInterface& interface);

/// The same of an interface that is not there: "waiting" says so, "mode" is "none", and its Virtual Routers
/// are in Initialize.
nlohmann::json status_of_missing(const config::Interface& interface);

/// By their snapshots, a sentence for each member that keeps its whole sync group in Initialize.
std::vector<std::string> idle_group_members(const engine::ManagedInterfaces& interfaces);

/// How many Virtual Routers are in which state by their snapshots, as one line. missing: what is told of
/// interfaces that are not there.
std::string summary_of(const engine::ManagedInterfaces& interfaces,
                       const std::vector<nlohmann::json>& missing);

}  // namespace vrrp_xdp::daemon

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "controller/managed_interface.hpp"

namespace vrrp_xdp::controller {

/// Everything about one interface, in RFC 8347's words where it has them. Durations are milliseconds, points
/// in time ISO 8601 in UTC. From the interface only what never changes is read, its snapshots,
/// and the data plane's counters.
nlohmann::json status_of(const ManagedInterface& interface);

/// What the maps say that are pinned for a port where no instance lives: which Virtual Routers it had, what
/// is left of their leases, when their Active Router was last heard, and the data plane's counters. "error"
/// says why if they cannot be read.
nlohmann::json status_of_remains(const std::string& port_name);

/// How many Virtual Routers are in which state by their snapshots, as one line.
std::string summary_of(const ManagedInterfaces& interfaces);

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace vrrp_xdp::inspection {

/// What the maps say that are pinned for a port where no instance lives: which Virtual Routers it had, what
/// is left of their leases, when their Active Router was last heard, and the data plane's counters. "error"
/// says why if they cannot be read.
nlohmann::json status_of_pinned_state(const std::string& port_name);

}  // namespace vrrp_xdp::inspection

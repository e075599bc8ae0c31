// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "status/model.hpp"

namespace vrrp_xdp::inspection {

/// What the maps say that are pinned for a port where no instance lives: which Virtual Routers it had, what
/// is left of their leases, when their Active Router was last heard, and the data plane's counters. Or why
/// they cannot be read.
status::Interface status_of_pinned_state(const std::string& port_name);

}  // namespace vrrp_xdp::inspection

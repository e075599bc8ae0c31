// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "status/model.hpp"

namespace vrrp_xdp::inspection {

/// Returns what the pinned maps of a port without a living instance say: its Virtual Routers, what is left of
/// their leases, when their Active Router was last heard, and the data plane's counters. Or why they cannot
/// be read.
status::Interface status_of_pinned_state(const std::string& port_name);

}  // namespace vrrp_xdp::inspection

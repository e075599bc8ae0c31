// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "inspection/finding.hpp"
#include "net/interface_monitor.hpp"

namespace vrrp_xdp::inspection {

/// Checks whether an interface is suitable for Virtual Routers: its driver, obstacles, and how the host
/// routes. The interface briefly has one more MAC address, to see whether its filter has room.
Findings inspect_interface(const std::string& name, const net::InterfaceMonitor& monitor);

}  // namespace vrrp_xdp::inspection

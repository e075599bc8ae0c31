// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "inspection/finding.hpp"
#include "net/interface_monitor.hpp"

namespace vrrp_xdp::inspection {

/// How an interface is fit for Virtual Routers: its driver, what is in the way there, and how the host routes
/// what comes in. For the blink of an eye it has one more MAC address, to see whether its filter has room.
Findings inspect_interface(const std::string& name, const net::InterfaceMonitor& monitor);

}  // namespace vrrp_xdp::inspection

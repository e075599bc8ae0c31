// SPDX-License-Identifier: BSD-2-Clause
// Interfaces that nothing is attached to and nothing leaves by, for tests of who serves them.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "daemon/served_interfaces.hpp"

namespace vrrp_xdp::daemon {

inline std::unique_ptr<engine::ManagedInterface> interface_at(std::string name, std::string port) {
    auto interface = std::make_unique<engine::ManagedInterface>(
        std::move(name), net::InterfaceState{}, net::LinkSocket(), std::vector<elections::VirtualRouter>());
    interface->port_name = std::move(port);
    return interface;
}

inline void add(ServedInterfaces& served, const std::string& name, const std::string& port) {
    served.add(interface_at(name, port), nullptr);
}

}  // namespace vrrp_xdp::daemon

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/managed_interface.hpp"
#include "net/interface_monitor.hpp"

namespace vrrp_xdp::reporting {

/// What has become another on an interface: its link, its MAC, its MTU or an address.
struct InterfaceChange {
    std::uint32_t interface;
    std::string what;        ///< behind the interface's name: "has lost the address 192.0.2.1"
    bool is_loss;            ///< of what elections may need
    nlohmann::json details;  ///< the same for programs
};

/// Notices them. For the ordinary thread.
class InterfaceChanges {
  public:
    /// Returns the changes since the last call; none of an interface that is seen for the first time. Virtual
    /// addresses are left out, which come and go with the role.
    std::vector<InterfaceChange> look(const engine::ManagedInterfaces& interfaces,
                                      const net::InterfaceMonitor& kernel);

  private:
    std::map<std::string, net::InterfaceState> known_;  ///< by name
};

/// Returns what differs, in a fixed order. before, now: without virtual addresses.
std::vector<InterfaceChange> compare(const net::InterfaceState& before, const net::InterfaceState& now);

}  // namespace vrrp_xdp::reporting

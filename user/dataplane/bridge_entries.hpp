// SPDX-License-Identifier: BSD-2-Clause
// A bridge knows where each MAC address is. Nothing that it sees says that a virtual MAC is the host's own:
// it would flood its frames to all ports, or send them to the port of the router that was Active before.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <vector>

#include "dataplane/attached_port.hpp"
#include "dataplane/filter_entries.hpp"
#include "device/device_filter.hpp"

namespace vrrp_xdp::dataplane {

/// The entries of a bridge's own that keep the frames of the virtual MACs that the host is Active for. They
/// outlast the process, so that a restart loses nothing, and are noted as those of filters are.
class BridgeEntries {
  public:
    /// Returns nothing for an interface that is not a bridge, or without netlink. map_fd: the map
    /// filter_entries.
    static std::optional<BridgeEntries> of(const Interface& interface, int map_fd);

    /// Keeps the frames of those virtual MACs whose every Virtual Router in the VLAN is Active; a bridge that
    /// knows no VLANs has one table for all. is_active: by place in the list.
    void follow(std::span<const VirtualRouter> virtual_routers, const std::vector<bool>& is_active);

    /// Returns the order: see AttachedPort::order_to_leave().
    std::optional<AttachedPort::Order> order_to_leave(const VirtualRouter& router) const;

  private:
    BridgeEntries(unsigned index, int map_fd, device::DeviceFilter filter, device::DeviceFilter for_orders);
    NotedEntry entry_of(const VirtualRouter& router) const;

    unsigned index_;
    int map_fd_;
    device::DeviceFilter filter_;
    device::DeviceFilter for_orders_;  ///< of others: what the kernel answers to them must not meet our own
    bool knows_vlans_ = false;
    std::uint16_t untagged_vlan_ = 0;
    std::optional<std::set<NotedEntry>> kept_;  ///< by the last follow()
};

}  // namespace vrrp_xdp::dataplane

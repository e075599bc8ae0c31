// SPDX-License-Identifier: BSD-2-Clause
// Whether one of the kernel's routing tables has a certain route.
#pragma once

#include <cstdint>
#include <memory>

#include "protocol/types.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::net {

/// A place in a routing table.
struct RoutePlace {
    protocol::IpAddress destination;
    unsigned prefix_length;
    std::uint32_t table;
};

/// Keeps no copy of a table, which may hold a million routes.
class RouteMonitor {
  public:
    static Result<RouteMonitor> open(const RoutePlace& place);

    RouteMonitor(RouteMonitor&&) noexcept;
    RouteMonitor& operator=(RouteMonitor&&) noexcept;
    RouteMonitor(const RouteMonitor&) = delete;
    RouteMonitor& operator=(const RouteMonitor&) = delete;
    ~RouteMonitor();

    /// Returns a descriptor that is readable when a route may have changed. Those over an interface that goes
    /// down may vanish without it.
    int event_fd() const;
    /// Processes pending netlink messages. Returns whether anything may have changed at the place.
    bool update();

    /// Reads the table: whether there is a route that leads somewhere.
    Result<bool> look() const;

  private:
    class Subscription;
    RouteMonitor(const RoutePlace& place, std::unique_ptr<Subscription> subscription);
    RoutePlace place_;
    std::unique_ptr<Subscription> subscription_;
};

}  // namespace vrrp_xdp::net

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "controller/virtual_router.hpp"
#include "dataplane/port.hpp"
#include "net/interface_monitor.hpp"
#include "net/link_socket.hpp"

namespace vrrp_xdp::controller {

/// An interface with everything that its Virtual Routers need. While the protocol thread runs, it alone
/// touches all but the data plane's counters.
struct ManagedPort {
    ManagedPort(const net::InterfaceState& interface, std::string name, dataplane::Port attached,
                net::LinkSocket opened, std::vector<VirtualRouter> routers);

    /// Notes what a Virtual Router has to send at the end of this turn.
    void queue(std::uint32_t slot, const protocol::Actions& actions);

    std::string interface_name;
    dataplane::Port dataplane;
    net::LinkSocket socket;
    std::vector<VirtualRouter> virtual_routers;  ///< by slot
    std::vector<protocol::TimePoint> timers;     ///< by slot; side by side, for they are looked through often
    unsigned interface_index = 0;
    bool operational = false;  ///< running, and with an address to send from
    bool sending_fails = false;
    std::uint64_t send_errors = 0;   ///< batches of which something was not taken
    std::vector<std::uint32_t> due;  ///< slots with something queued; its memory is kept

    net::FrameBatch advertisements;
    net::FrameBatch announcements;
};

/// Attaches the data plane and opens the sockets. Nothing is answered or sent yet.
Result<ManagedPort> open_port(const config::Interface& interface, const net::InterfaceState& state,
                              dataplane::Mode mode);

}  // namespace vrrp_xdp::controller

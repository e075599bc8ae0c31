// SPDX-License-Identifier: BSD-2-Clause
// What elections need of whoever runs them: a clock, the kernel's interfaces, and a way out for packets.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "dataplane/port.hpp"
#include "elections/messages.hpp"
#include "elections/reconfiguration.hpp"
#include "net/interface_state.hpp"
#include "net/peer_socket.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::elections {

/// In the program it is the protocol loop, in the simulation a node. Nothing here waits, and nothing takes
/// memory but what asks for interfaces and watch().
class Host {
  public:
    Host() = default;
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    virtual ~Host() = default;

    /// Returns the time of CLOCK_BOOTTIME.
    virtual protocol::TimePoint now() const = 0;

    /// Returns what is known of the interface; nothing if there is none of this index.
    virtual std::optional<net::InterfaceState> state_of(unsigned interface_index) const = 0;
    /// Processes pending news of the kernel on interfaces. Returns the indexes of those that changed, sorted.
    virtual std::vector<unsigned> changed_interfaces() = 0;
    /// Asks the kernel for all interfaces and addresses.
    virtual void refresh_interfaces() = 0;

    using CommandHandler = std::function<void(const Command&)>;
    /// Hands over commands that wait, at most so many.
    virtual void take_commands(const CommandHandler& handler, std::size_t at_most) = 0;

    using Sent = std::function<void(std::uint32_t tag)>;
    /// Notes a packet for the next send(). It stays where it is until then. tag: passed to sent if it left.
    virtual void add(RouterId router, const net::Outgoing& packet, std::uint32_t tag) = 0;
    /// Sends all that was added for the interface and calls sent for each packet that left, in order. Returns
    /// 0, or the errno of the first that did not.
    virtual int send(std::uint32_t interface, const Sent& sent) = 0;
    /// Notes a gratuitous ARP or an unsolicited Neighbour Advertisement for the next send_announcements().
    virtual void announce(RouterId router, const net::Frame& announcement) = 0;
    virtual void send_announcements(std::uint32_t interface) = 0;

    /// Tells the guardian that the elections had a turn at this time, so that it does not act.
    virtual void heartbeat(protocol::TimePoint now) noexcept = 0;
    /// Tells the guardian that the farewells of the Virtual Router, which it would send, have changed.
    virtual void farewells_changed(RouterId router) noexcept = 0;
    /// Tells the guardian that the Virtual Router has sent its farewell, so that it does not send another.
    virtual void farewell_said(RouterId router) noexcept = 0;
    /// Tells the guardian that the elections of the interface are over, so that it does not touch them.
    virtual void elections_ended(std::uint32_t interface) noexcept = 0;
    /// Switches the guardian's plan to that of this configuration.
    virtual void reconfigured(const Reconfiguration& to) = 0;

    /// Has the port's events end the wait for the next turn.
    virtual Result<void> watch(std::uint32_t interface) = 0;
    virtual void unwatch(std::uint32_t interface) = 0;
};

}  // namespace vrrp_xdp::elections

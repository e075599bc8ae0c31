// SPDX-License-Identifier: BSD-2-Clause
// Decides: joins the state machine with the data plane, the wire, the timers and the interfaces. It knows no
// epoll, no socket, no thread and no clock of its own, so that a simulation runs the very code that ships.
#pragma once

#include <cstdint>
#include <vector>

#include "elections/announcer.hpp"
#include "elections/command_executor.hpp"
#include "elections/interface_events.hpp"
#include "elections/receiver.hpp"
#include "elections/router_set.hpp"
#include "elections/sender.hpp"
#include "elections/sync_groups.hpp"

namespace vrrp_xdp::elections {

/// What has something to say of the sources that cost a system call to look at.
struct Ready {
    bool interfaces = false;
    bool commands = false;
};

/// All elections of an instance. Each turn goes receive -> decide -> lease -> advertise -> announce.
class Elections {
  public:
    /// Keeps references to the interfaces: each must outlive this until it was released.
    Elections(Host& host, std::vector<Interface*> interfaces);
    Elections(const Elections&) = delete;
    Elections& operator=(const Elections&) = delete;
    ~Elections() = default;

    /// Has all ports watched. Fails if one cannot be.
    Result<void> open();

    /// Starts the elections of interfaces that work, and goes on with leases that still run.
    void begin();

    void turn(Ready ready);

    /// Returns when the next turn is due, unless something is ready before. To be called after each turn.
    protocol::TimePoint schedule();
    /// Returns whether events wait that the last turn left for the next one.
    bool has_backlog() const { return receiver_.has_backlog(); }

    /// Returns the notices that nobody has reported yet. Whoever reports one removes it.
    std::vector<Notice>& notices() { return routers_.notices(); }
    Interface* interface(std::uint32_t index) { return routers_.interface(index); }
    /// Returns when the last turn began.
    protocol::TimePoint last_turn() const { return last_turn_; }
    bool any_is_active() const { return routers_.active() > 0; }

    void watch(Observer* observer) { routers_.watch(observer); }

  private:
    /// Notices leases that the guardian has revoked because nothing moved for too long.
    void notice_fences();
    void expire_timers();
    void put_off_timers(std::uint32_t index, protocol::TimePoint now);
    void expire(RouterId id, protocol::TimePoint now);

    RouterSet routers_;
    Announcer announcer_;
    SyncGroups groups_;
    Receiver receiver_;
    Sender sender_;
    InterfaceEvents interface_events_;
    CommandExecutor executor_;
    protocol::TimePoint scheduled_ = protocol::kNever;  ///< the next turn, as of the last one
    protocol::TimePoint last_turn_{};
};

}  // namespace vrrp_xdp::elections

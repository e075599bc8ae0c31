// SPDX-License-Identifier: BSD-2-Clause
// The real-time thread: waits, and has elections do what is due.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "elections/elections.hpp"
#include "engine/fencing_plan.hpp"
#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "net/interface_monitor.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::engine {

/// It waits in one place, for advertisements, timers, interfaces and commands alike. Nothing before the
/// report allocates, locks or logs.
class ProtocolLoop final : private elections::Host {
  public:
    /// Keeps references to the interfaces: each must outlive this until it was released.
    static Result<std::unique_ptr<ProtocolLoop>> make(const ManagedInterfaces& interfaces,
                                                      net::InterfaceMonitor monitor,
                                                      FencingPlan& fencing_plan, Commands& commands,
                                                      Notices& notices);

    /// Runs until the last interface was released.
    void run();

  private:
    ProtocolLoop(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                 FencingPlan& fencing_plan, Commands& commands, Notices& notices, UniqueFd epoll,
                 UniqueFd timer);
    Result<void> watch_fd(int fd) const;
    elections::Ready wait();
    void report();
    bool deliver(const Notice& notice, std::size_t kept);
    void arm_timer();
    ManagedInterface& interface(std::uint32_t index) {
        return static_cast<ManagedInterface&>(*elections_.interface(index));
    }

    protocol::TimePoint now() const override;
    std::optional<net::InterfaceState> state_of(unsigned interface_index) const override;
    std::vector<unsigned> changed_interfaces() override;
    void refresh_interfaces() override;
    void take_commands(const CommandHandler& handler, std::size_t at_most) override;
    void add(elections::RouterId router, const net::Outgoing& packet, std::uint32_t tag) override;
    int send(std::uint32_t index, const Sent& sent) override;
    void announce(elections::RouterId router, const net::Frame& announcement) override;
    void send_announcements(std::uint32_t index) override;
    void heartbeat(protocol::TimePoint now) noexcept override;
    void farewells_changed(elections::RouterId router) noexcept override;
    void farewell_said(elections::RouterId router) noexcept override;
    void elections_ended(std::uint32_t index) noexcept override;
    void reconfigured(const elections::Reconfiguration& to) override;
    Result<void> watch(std::uint32_t index) override;
    void unwatch(std::uint32_t index) override;

    bool ended_ = false;
    net::InterfaceMonitor monitor_;
    FencingPlan* fencing_plan_;
    Commands& commands_;
    Notices& notices_;
    UniqueFd epoll_;
    UniqueFd timer_;
    protocol::TimePoint armed_ = protocol::kNever;
    std::size_t kept_at_most_ = 0;  ///< of the notices, for the next turn
    elections::Elections elections_;
};

}  // namespace vrrp_xdp::engine

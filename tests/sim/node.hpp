// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "digest.hpp"
#include "elections/elections.hpp"
#include "world.hpp"

namespace vrrp_xdp::sim {

/// A machine of the simulation: it runs elections as the protocol loop does, and outlives its processes.
class Node final : private elections::Host, private elections::Observer {
  public:
    /// routers: its own, by their places in the world; an interface each.
    Node(World& world, std::vector<std::size_t> routers, std::string sync_group);

    const std::vector<std::size_t>& routers() const { return routers_; }
    bool is_running() const { return elections_ != nullptr; }

    void start();
    void stop();
    void crash();
    void resume();
    void fence();
    void hand_over();
    void set_priority(std::size_t router, protocol::Priority priority);
    void reload(std::size_t router, protocol::Priority priority);
    /// What the operator has drained stays so whatever becomes of its processes.
    void drain(std::size_t router, bool drained);
    void interface_changed(std::size_t router);
    void delay_startup(Duration delay) { startup_delay_ = delay; }
    /// Something has come in. Void while it does not run or is not scheduled.
    void wake();
    vrrp_xdp_vr_key election_of(std::size_t router) const;
    /// Adds what its guardian knows of the router's election.
    void add_to(Digest& digest, std::size_t router) const;
    /// Returns whether its guardian would end the router's lease.
    bool has_fence(std::size_t router) const { return !plan_.empty() && plan_[place_of(router)].valid; }

    /// What is of the whole process, and so of all its routers alike.
    bool is(bool Router::*what) const;
    void set(bool Router::*what, bool value);

    bool stops_with_timer = false;

  private:
    std::uint32_t place_of(std::size_t router) const;
    std::unique_ptr<elections::Interface> make_interface(std::size_t router) const;
    void begin();
    void turn();
    void after_turn();
    void schedule();
    void end();

    TimePoint now() const override { return world_.now(); }
    std::optional<net::InterfaceState> state_of(unsigned interface_index) const override;
    std::vector<unsigned> changed_interfaces() override;
    void refresh_interfaces() override {}
    void take_commands(const CommandHandler& handler, std::size_t at_most) override;
    void add(elections::RouterId router, const net::Outgoing& packet, std::uint32_t tag) override;
    int send(std::uint32_t interface, const Sent& sent) override;
    void announce(elections::RouterId, const net::Frame&) override {}
    void send_announcements(std::uint32_t) override {}
    void heartbeat(TimePoint) noexcept override {}
    void farewells_changed(elections::RouterId router) noexcept override;
    void farewell_said(elections::RouterId router) noexcept override;
    void elections_ended(std::uint32_t interface) noexcept override;
    void reconfigured(const elections::Reconfiguration& to) override;
    Result<void> watch(std::uint32_t) override { return {}; }
    void unwatch(std::uint32_t) override {}
    void stepped(elections::RouterId router, const protocol::Parameters& parameters,
                 const protocol::Election& before, const protocol::Event& event,
                 const protocol::Step& step) override;

    struct Queued {
        Bytes message;
        std::uint32_t tag;
    };
    /// What the guardian knows of an election: it outlives the controller.
    struct FencingEntry {
        bool valid = false;
        Bytes farewell;
        TimePoint given_up{};  ///< the lease that it stored when it gave the election up
    };

    World& world_;
    std::vector<std::size_t> routers_;
    std::string sync_group_;
    Duration startup_delay_{};
    std::vector<bool> drained_;                                  ///< by place
    std::vector<std::optional<protocol::Priority>> configured_;  ///< by place, of what was drained once
    std::vector<std::unique_ptr<elections::Interface>> interfaces_;
    std::vector<std::unique_ptr<elections::Interface>> retired_;  ///< by a reload that is not over
    elections::Reconfiguration reconfiguration_;
    std::unique_ptr<elections::Elections> elections_;
    std::deque<elections::Command> commands_;
    std::set<unsigned> changed_;
    std::vector<std::vector<Queued>> queued_;  ///< by interface
    std::vector<FencingEntry> plan_;           ///< by interface
    std::size_t released_ = 0;
    std::optional<TimePoint> armed_;
    std::uint64_t incarnation_ = 0;
};

}  // namespace vrrp_xdp::sim

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "elections/host.hpp"
#include "elections/interface.hpp"
#include "elections/messages.hpp"
#include "elections/observer.hpp"

namespace vrrp_xdp::elections {

class Announcer;
class SyncGroups;

/// The Virtual Routers of all interfaces, and the one way to move the election of one.
class RouterSet {
  public:
    RouterSet(Host& host, std::vector<Interface*> interfaces);
    /// Connects the parts, before the first step of an election. Both outlive this.
    void connect(Announcer& announcer, SyncGroups& groups) {
        announcer_ = &announcer;
        groups_ = &groups;
    }

    Host& host() { return host_; }
    protocol::TimePoint now() const { return host_.now(); }

    std::uint32_t size() const { return static_cast<std::uint32_t>(interfaces_.size()); }
    void resize(std::size_t interfaces);
    /// Returns null once it was released, and while it is suspended.
    Interface* interface(std::uint32_t index) { return interfaces_[index]; }
    void set_interface(std::uint32_t index, Interface* interface) { interfaces_[index] = interface; }
    const std::vector<Interface*>& interfaces() const { return interfaces_; }
    bool is_suspended(std::uint32_t index) const { return suspended_[index]; }
    void set_suspended(std::uint32_t index, bool suspended) { suspended_[index] = suspended; }
    VirtualRouter& router(RouterId id) { return interfaces_[id.interface]->virtual_routers[id.router]; }

    /// Calls visit(index, interface) for every interface that is here.
    template <typename Visit>
    void for_each_interface(Visit&& visit) {
        for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
            if (interfaces_[i] != nullptr) visit(i, *interfaces_[i]);
    }

    /// Steps an election: stores its lease, then queues what it has to send. Returns whether the event was an
    /// advertisement that is followed from now on.
    bool apply(RouterId id, const protocol::Event& event, protocol::TimePoint now);
    void apply_to_all(std::uint32_t index, const protocol::Event& event);

    /// Starts or stops the election where that is called for. up, down: what to call it.
    void follow_ability(RouterId id, protocol::Cause up, protocol::Cause down);
    /// Starts the election of one that is able to take part.
    void begin(RouterId id);
    void set_priority(RouterId id, protocol::Priority priority);
    /// Has an Active Router hand over first, where it becomes drained. What is queued is to be sent before.
    void set_drained(RouterId id, bool drained);

    void tell(const Notice& notice) { notices_.push_back(notice); }
    /// Returns the notices that nobody has reported yet. Whoever reports one removes it.
    std::vector<Notice>& notices() { return notices_; }
    /// Puts into each Transition by a timer how late its advertisement left.
    void note_lateness();

    /// Returns how many elections are Active here.
    std::size_t active() const { return active_; }
    /// Leaves the Active elections of the interface to a successor.
    void hand_over(std::uint32_t index);

    void watch(Observer* observer) { observer_ = observer; }

  private:
    bool store_lease(RouterId id, const protocol::Election& before, protocol::TimePoint held);
    void note_transition(RouterId id, const protocol::Election& before, protocol::TimePoint now);
    void adopt(RouterId id);
    void note_drained(RouterId id);

    Host& host_;
    std::vector<Interface*> interfaces_;
    std::vector<bool> suspended_;
    Announcer* announcer_ = nullptr;
    SyncGroups* groups_ = nullptr;
    std::size_t active_ = 0;
    std::vector<Notice> notices_;         ///< its memory is kept
    std::vector<std::size_t> takeovers_;  ///< places there, until they were sent for
    Observer* observer_ = nullptr;
};

}  // namespace vrrp_xdp::elections

// SPDX-License-Identifier: BSD-2-Clause
// Routers that step() drives, and the network between them, in virtual time: a queue of things that happen.
//
// Advertisements travel as bytes, so that what is damaged on the way meets the same parser as on a real link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "protocol/advertisement.hpp"
#include "protocol/state_machine.hpp"
#include "protocol/sync_group.hpp"
#include "random.hpp"

namespace vrrp_xdp::sim {

using protocol::Duration;
using protocol::TimePoint;
using Bytes = std::vector<std::uint8_t>;

struct Router {
    protocol::Parameters parameters;
    protocol::Election election{};
    TimePoint lease = protocol::kNoLease;  ///< the word in the data plane: it outlives a crash
    TimePoint firm{};                      ///< so does this: another router's word ends the lease after it
    TimePoint rival{};                     ///< and the data plane's stamp of the last such word
    bool running = false;
    std::size_t link = 0;   ///< it hears those on the same one
    bool able = true;       ///< its interface works
    TimePoint heard{};      ///< the Active Router that it follows
    bool stopping = false;  ///< it ends once it is not Active any more
    bool stops_with_timer = false;
    bool stalled = false;   ///< not scheduled: what happens to it waits in the inbox
    bool muted = false;     ///< nothing that it sends leaves
    bool orphaned = false;  ///< the lease was stored by an incarnation that crashed
    std::uint64_t incarnation = 0;
    std::vector<std::function<void()>> inbox{};
    protocol::Actions queued{};  ///< of the present turn, which sends at its end
};

/// What the network does to a frame.
struct Conditions {
    Duration max_delay{};  ///< each frame's own, so that frames overtake one another
    unsigned loss = 0;     ///< these in percent
    unsigned duplication = 0;
    unsigned corruption = 0;
    std::vector<std::uint64_t> side{};    ///< of a partition, by router; none: all hear each other
    TimePoint latest = protocol::kNever;  ///< whatever is under way arrives by then
};

class World;

/// Somebody who watches and never touches.
class Observer {
  public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;

    /// Nothing happened since the last call but that time has passed.
    virtual void advanced(const World&) {}
    /// before: with the lease that the data plane held then.
    virtual void stepped(const World&, std::size_t /*router*/, const Router& /*before*/,
                         const protocol::Event&, const protocol::Step&) {}
    /// left: whether it really did.
    virtual void transmitted(const World&, std::size_t /*router*/, std::uint8_t /*priority*/, bool /*left*/) {
    }
    virtual void resumed(const World&, std::size_t /*router*/) {}
    virtual void rejected(const World&, std::size_t /*router*/) {}
};

class World {
  public:
    World(std::uint64_t seed, const std::vector<protocol::Parameters>& parameters);

    void watch(Observer& observer) { observers_.push_back(&observer); }
    void at(TimePoint time, std::function<void()> happening);
    void run_until(TimePoint end);

    TimePoint now() const { return now_; }
    const std::vector<Router>& routers() const { return routers_; }
    bool holds_lease(std::size_t router) const { return now_ < routers_[router].lease; }
    /// What the data plane makes of it.
    bool answers(std::size_t router) const {
        return holds_lease(router) && routers_[router].rival <= routers_[router].firm;
    }
    bool is_active(std::size_t router) const;

    // What can happen to a router. Each is void where it makes no sense.
    /// Over one that is leaving, as a hand-over.
    void start(std::size_t router);
    void stop(std::size_t router);
    /// In the turn in which its timer expires, unless it is started before.
    void stop_as_its_timer_expires(std::size_t router);
    void crash(std::size_t router);
    void stall(std::size_t router);
    void resume(std::size_t router);
    void resume(const std::vector<std::size_t>& routers);
    void mute(std::size_t router) { routers_[router].muted = true; }
    void unmute(std::size_t router) { routers_[router].muted = false; }
    void set_priority(std::size_t router, protocol::Priority priority);
    /// Its interface loses its carrier, and finds it again.
    void fail(std::size_t router);
    void mend(std::size_t router);

    /// Routers of one node, each on a link of its own, that move together.
    void group(const std::vector<std::size_t>& members);

    Conditions network{};
    /// How late a router may be scheduled for its timer, and learns that its advertisement left.
    Duration latency{};
    /// Hands a frame's message to a router at once.
    void deliver(std::size_t router, const Bytes& message, const protocol::Envelope& envelope);
    /// An advertisement as this router would send it, with another priority and interval.
    Bytes advertisement(std::size_t router, std::uint8_t priority, Duration interval);
    protocol::Envelope envelope(std::size_t router) const;

  private:
    struct Happening {
        TimePoint time;
        std::uint64_t order;
        std::function<void()> what;
        bool operator>(const Happening& other) const {
            return time != other.time ? time > other.time : order > other.order;
        }
    };

    struct Group {
        std::vector<std::size_t> members;
        protocol::GroupNews news{};
        bool disturbed = false;
    };
    Group* group_of(std::size_t router);
    std::vector<protocol::GroupMember> view(const Group& group) const;
    void settle_groups();
    bool waits_for_group(std::size_t router);
    void send_queued();

    void when_scheduled(std::size_t router, std::function<void()> what);
    void dispatch(std::size_t router, const protocol::Event& event);
    void arm_timer(std::size_t router);
    void expire_timer(std::size_t router);
    void transmit(std::size_t router, std::uint8_t priority);
    void send_frame(std::size_t from, std::size_t to, const std::shared_ptr<const Bytes>& message);

    Random random_;
    std::vector<Router> routers_;
    std::vector<Group> groups_;
    std::vector<Observer*> observers_;
    std::priority_queue<Happening, std::vector<Happening>, std::greater<>> queue_;
    std::uint64_t order_ = 0;
    TimePoint now_ = TimePoint(std::chrono::hours(1));
};

}  // namespace vrrp_xdp::sim

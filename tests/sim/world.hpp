// SPDX-License-Identifier: BSD-2-Clause
// Nodes that run the elections which ship, over ports that stamp as XDP does, and the network between them,
// in virtual time: a queue of things that happen.
//
// Advertisements travel as bytes, so that what is damaged on the way meets the same parser as on a real link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <vector>

#include "fake_port.hpp"
#include "fate.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/state_machine.hpp"

namespace vrrp_xdp::sim {

class Node;
class World;

/// A Virtual Router of one node, as observers see it.
struct Router {
    protocol::Parameters parameters;
    protocol::Election election{};
    TimePoint lease = protocol::kNoLease;  ///< the word in the data plane: it outlives a crash
    bool running = false;
    std::size_t link = 0;   ///< it hears those on the same one
    bool able = true;       ///< its interface works
    bool stopping = false;  ///< it ends once it is not Active any more
    bool stalled = false;   ///< not scheduled: what happens to it waits
    bool muted = false;     ///< nothing that it sends leaves
    bool orphaned = false;  ///< the lease was stored by an incarnation that crashed
};

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
    /// Its data plane has heard an advertisement; it has not been told yet.
    virtual void delivered(const World&, std::size_t /*router*/) {}
    virtual void rejected(const World&, std::size_t /*router*/) {}
    /// One of its own has come back.
    virtual void heard_itself(const World&, std::size_t /*router*/) {}
};

class World {
  public:
    World(std::uint64_t seed, const std::vector<protocol::Parameters>& parameters);
    /// fate outlives it.
    World(Fate& fate, const std::vector<protocol::Parameters>& parameters);
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    void watch(Observer& observer) { observers_.push_back(&observer); }
    void at(TimePoint time, std::function<void()> happening);
    void run_until(TimePoint end);
    /// Returns when something happens next; kNever if nothing does.
    TimePoint next() const { return queue_.empty() ? protocol::kNever : queue_.top().time; }

    TimePoint now() const { return now_; }
    const std::vector<Router>& routers() const { return routers_; }
    bool holds_lease(std::size_t router) const { return now_ < routers_[router].lease; }
    /// What the data plane makes of it.
    bool answers(std::size_t router) const { return holds_lease(router) && !ports_[router].is_succeeded(0); }
    bool is_active(std::size_t router) const;
    const FakePort& port(std::size_t router) const { return ports_[router]; }
    const Node& node(std::size_t router) const { return *nodes_[node_by_router_[router]]; }

    // What can happen to a router. Each is void where it makes no sense. What is of a whole process happens
    // to all routers of its node.
    /// Over one that is leaving, as a hand-over.
    void start(std::size_t router);
    void stop(std::size_t router);
    /// In the turn in which its timer expires, unless it is started before.
    void stop_as_its_timer_expires(std::size_t router);
    void crash(std::size_t router);
    void stall(std::size_t router);
    void resume(std::size_t router);
    void resume(const std::vector<std::size_t>& routers);
    /// What the guardian does when the controller is dead or does not move: any other router's word ends the
    /// leases from now on, and it says the farewells that the controller has prepared.
    void fence(std::size_t router);
    void mute(std::size_t router) { routers_[router].muted = true; }
    void unmute(std::size_t router) { routers_[router].muted = false; }
    /// A condition of the operator's lowers or raises it. Void for the owner of the addresses.
    void set_priority(std::size_t router, protocol::Priority priority);
    /// The same by another configuration, while it runs.
    void reload(std::size_t router, protocol::Priority priority);
    /// By the operator, who says it again or takes it back whether or not it runs.
    void drain(std::size_t router);
    void undrain(std::size_t router);
    /// Another instance goes on where this one is.
    void hand_over(std::size_t router);
    /// Its interface loses its carrier, and finds it again.
    void fail(std::size_t router);
    void mend(std::size_t router);
    /// From its next start on, unless a lease still runs then.
    void delay_startup(std::size_t router, Duration delay);

    /// Routers of one node, each on a link of its own, that move together. Before any of them starts.
    void group(const std::vector<std::size_t>& members);

    Network network{};
    /// How late a router may be scheduled for its timer.
    Duration latency{};
    /// Hands a frame's message to a router's data plane at once.
    void deliver(std::size_t router, const Bytes& message, const protocol::Envelope& envelope);
    /// An advertisement as this router would send it, with another priority and interval.
    Bytes advertisement(std::size_t router, std::uint8_t priority, Duration interval);
    protocol::Envelope envelope(std::size_t router) const;

  private:
    friend class Node;
    World(std::unique_ptr<Fate> chance, const std::vector<protocol::Parameters>& parameters);
    struct Happening {
        TimePoint time;
        std::uint64_t order;
        std::function<void()> what;
        bool operator>(const Happening& other) const {
            return time != other.time ? time > other.time : order > other.order;
        }
    };

    Node& node_of(std::size_t router) { return *nodes_[node_by_router_[router]]; }
    void stepped(std::size_t router, const protocol::Parameters& parameters, const protocol::Election& before,
                 const protocol::Event& event, const protocol::Step& step);
    /// Returns whether it leaves.
    bool transmit(std::size_t router, const Bytes& message);
    void send_frame(std::size_t from, std::size_t to, const std::shared_ptr<const Bytes>& message);

    std::unique_ptr<Fate> chance_;  ///< unless it is somebody else's
    Fate& fate_;
    std::vector<Router> routers_;
    /// Of frames that would come in at the same time.
    struct Arrivals {
        TimePoint at;
        Duration passed;  ///< until the next of them is stamped
    };
    std::vector<FakePort> ports_;     ///< by router
    std::vector<Arrivals> arrivals_;  ///< by router
    std::vector<std::unique_ptr<Node>> nodes_;
    std::vector<std::size_t> node_by_router_;
    std::vector<Observer*> observers_;
    std::priority_queue<Happening, std::vector<Happening>, std::greater<>> queue_;
    std::uint64_t order_ = 0;
    TimePoint now_ = TimePoint(std::chrono::hours(1));
};

}  // namespace vrrp_xdp::sim

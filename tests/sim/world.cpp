// SPDX-License-Identifier: BSD-2-Clause
#include "world.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "node.hpp"

namespace vrrp_xdp::sim {

using namespace protocol;

World::World(std::uint64_t seed, const std::vector<Parameters>& parameters)
    : World(std::make_unique<Chance>(seed), parameters) {}

World::World(std::unique_ptr<Fate> chance, const std::vector<Parameters>& parameters)
    : World(*chance, parameters) {
    chance_ = std::move(chance);
}

World::World(Fate& fate, const std::vector<Parameters>& parameters)
    : fate_(fate), ports_(parameters.size()), arrivals_(parameters.size()) {
    for (const Parameters& configured : parameters) {
        node_by_router_.push_back(nodes_.size());
        nodes_.push_back(std::make_unique<Node>(*this, std::vector{routers_.size()}, ""));
        routers_.push_back({.parameters = configured});
    }
}

World::~World() = default;

void World::at(TimePoint time, std::function<void()> happening) {
    queue_.push({time, order_++, std::move(happening)});
}

void World::run_until(TimePoint end) {
    while (!queue_.empty() && queue_.top().time <= end) {
        now_ = queue_.top().time;
        const auto what = queue_.top().what;
        queue_.pop();
        for (Observer* observer : observers_) observer->advanced(*this);
        what();
    }
    now_ = end;
    for (Observer* observer : observers_) observer->advanced(*this);
}

bool World::is_active(std::size_t router) const {
    return routers_[router].running && routers_[router].election.state == State::Active &&
           holds_lease(router);
}

void World::start(std::size_t router) { node_of(router).start(); }

void World::stop(std::size_t router) { node_of(router).stop(); }

void World::stop_as_its_timer_expires(std::size_t router) {
    Node& node = node_of(router);
    const TimePoint due = routers_[router].election.timer;
    if (!node.is_running() || due == kNever) return;
    node.stops_with_timer = true;
    at(std::max(now_, due), [&node] {
        if (node.stops_with_timer) node.stop();
    });
}

void World::crash(std::size_t router) { node_of(router).crash(); }

void World::stall(std::size_t router) {
    Node& node = node_of(router);
    node.set(&Router::stalled, node.is_running());
}

void World::resume(std::size_t router) { resume(std::vector{router}); }

// Whoever wakes reads its socket before it looks at its timers: what came in says whether they still count.
void World::resume(const std::vector<std::size_t>& routers) {
    std::set<Node*> awake;
    for (const std::size_t router : routers)
        if (routers_[router].stalled) {
            awake.insert(&node_of(router));
            for (Observer* observer : observers_) observer->resumed(*this, router);
        }
    for (Node* node : awake) node->resume();
}

void World::fence(std::size_t router) {
    Node& node = node_of(router);
    if (!node.is_running() || routers_[router].stalled) node.fence();
}

void World::set_priority(std::size_t router, Priority priority) {
    Router& self = routers_[router];
    if (self.stalled || self.parameters.priority.is_owner()) return;
    if (!self.running) self.parameters.priority = priority;
    node_of(router).set_priority(router, priority);
}

void World::reload(std::size_t router, Priority priority) {
    if (!routers_[router].parameters.priority.is_owner()) node_of(router).reload(router, priority);
}

void World::drain(std::size_t router) { node_of(router).drain(router, true); }

void World::undrain(std::size_t router) { node_of(router).drain(router, false); }

void World::hand_over(std::size_t router) { node_of(router).hand_over(); }

void World::fail(std::size_t router) {
    routers_[router].able = false;
    routers_[router].muted = true;
    ports_[router].drop_events();
    node_of(router).interface_changed(router);
}

void World::mend(std::size_t router) {
    if (routers_[router].able) return;
    routers_[router].able = true;
    routers_[router].muted = false;
    node_of(router).interface_changed(router);
}

void World::delay_startup(std::size_t router, Duration delay) { node_of(router).delay_startup(delay); }

void World::group(const std::vector<std::size_t>& members) {
    for (std::size_t link = 0; link < members.size(); ++link) {
        routers_[members[link]].link = link;
        node_by_router_[members[link]] = nodes_.size();
    }
    nodes_.push_back(std::make_unique<Node>(*this, members, "group"));
}

void World::deliver(std::size_t router, const Bytes& message, const Envelope& envelope) {
    if (!routers_[router].able) return;
    const auto parsed = parse(message, envelope);
    if (!parsed) {
        for (Observer* observer : observers_) observer->rejected(*this, router);
        return;
    }
    // The data plane hears it, whoever lives.
    Node& node = node_of(router);
    const vrrp_xdp_vr_key election = node.is_running() ? node.election_of(router) : vrrp_xdp_vr_key{};
    if (envelope.source == routers_[router].parameters.primary_address)
        for (Observer* observer : observers_) observer->heard_itself(*this, router);
    const bool wakes = ports_[router].receive(*parsed, message, election, envelope, now_);
    for (Observer* observer : observers_) observer->delivered(*this, router);
    if (wakes) node.wake();
}

void World::stepped(std::size_t router, const Parameters& parameters, const Election& before,
                    const Event& event, const Step& step) {
    Router& self = routers_[router];
    Router was = self;
    was.parameters = parameters;
    was.election = before;
    if (const auto* adopted = std::get_if<Adopted>(&event)) was.lease = adopted->lease;
    self.parameters.priority = parameters.priority;
    self.election = step.election;
    const bool stores = ports_[router].lease() != self.lease;
    self.lease = ports_[router].lease();
    for (Observer* observer : observers_) observer->stepped(*this, router, was, event, step);
    if (stores) self.orphaned = false;
}

Bytes World::advertisement(std::size_t router, std::uint8_t priority, Duration interval) {
    static constexpr std::array<std::uint8_t, 4> virtual_address{192, 0, 2, 254};
    const std::array addresses{IpAddress::from_bytes(virtual_address)};
    const Parameters& parameters = routers_[router].parameters;
    return serialize({parameters.version, *Vrid::from(10), priority, interval, fate_.checksum_form(),
                      parameters.primary_address, addresses});
}

Envelope World::envelope(std::size_t router) const {
    return {routers_[router].parameters.primary_address, advertisement_group(Family::Ipv4), 255};
}

bool World::transmit(std::size_t router, const Bytes& message) {
    const Router& self = routers_[router];
    const std::uint8_t priority = message[2];
    for (Observer* observer : observers_) observer->transmitted(*this, router, priority, !self.muted);
    if (self.muted) return false;
    const auto shared = std::make_shared<const Bytes>(message);
    for (std::size_t to = 0; to < routers_.size(); ++to) {
        if (routers_[to].link != self.link) continue;
        if (to == router && !fate_.comes_back(router)) continue;  // now and then our own comes back
        send_frame(router, to, shared);
        if (fate_.is_doubled(network)) send_frame(router, to, shared);
    }
    return true;
}

void World::send_frame(std::size_t from, std::size_t to, const std::shared_ptr<const Bytes>& message) {
    if (!network.side.empty() && network.side[from] != network.side[to]) return;
    const auto delay = fate_.delay(from, to, *message, network);
    if (!delay) return;
    TimePoint arrival = std::min(now_ + *delay, network.latest);
    // A kernel stamps one frame after another.
    Arrivals& together = arrivals_[to];
    if (together.at != arrival) together = {arrival, {}};
    arrival += together.passed;
    together.passed += Duration(1);
    auto carried = message;
    if (auto damaged = fate_.damaged(*message, network))
        carried = std::make_shared<const Bytes>(std::move(*damaged));
    at(arrival, [this, from, to, carried] { deliver(to, *carried, envelope(from)); });
}

}  // namespace vrrp_xdp::sim

// SPDX-License-Identifier: BSD-2-Clause
#include "world.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "protocol/timers.hpp"

namespace vrrp_xdp::sim {

using namespace protocol;

World::World(std::uint64_t seed, const std::vector<Parameters>& parameters) : random_(seed) {
    for (const Parameters& configured : parameters) routers_.push_back({.parameters = configured});
}

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
        settle_groups();
        send_queued();
    }
    now_ = end;
    for (Observer* observer : observers_) observer->advanced(*this);
}

bool World::is_active(std::size_t router) const {
    return routers_[router].running && routers_[router].election.state == State::Active &&
           holds_lease(router);
}

void World::start(std::size_t router) {
    Router& self = routers_[router];
    self.stops_with_timer = false;
    if (self.running && (!self.stopping || self.stalled)) return;
    self.running = true;
    self.stopping = false;
    self.election = {};
    ++self.incarnation;
    if (Group* const group = group_of(router))
        group->disturbed = true;
    else
        dispatch(router, Adopted{self.lease});
}

void World::stop(std::size_t router) {
    Router& self = routers_[router];
    if (!self.running || self.stalled) return;
    self.stopping = true;
    dispatch(router, Leave{});
}

void World::stop_as_its_timer_expires(std::size_t router) {
    Router& self = routers_[router];
    if (!self.running || self.election.timer == kNever) return;
    self.stops_with_timer = true;
    at(std::max(now_, self.election.timer), [this, router] {
        const Router& then = routers_[router];
        if (!then.stops_with_timer || then.stalled) return;
        expire_timer(router);
        stop(router);
    });
}

void World::crash(std::size_t router) {
    Router& self = routers_[router];
    if (!self.running) return;
    self.running = self.stalled = self.stopping = false;
    self.election = {};
    self.orphaned = holds_lease(router);
    self.inbox.clear();
    self.queued = {};
    ++self.incarnation;
}

void World::stall(std::size_t router) { routers_[router].stalled = routers_[router].running; }

// Whoever wakes reads its socket before it looks at its timers: what came in says whether they still count.
void World::resume(std::size_t router) { resume(std::vector{router}); }

void World::resume(const std::vector<std::size_t>& routers) {
    std::vector<std::size_t> awake;
    for (const std::size_t router : routers)
        if (std::exchange(routers_[router].stalled, false)) awake.push_back(router);
    for (const std::size_t router : awake) {
        for (Observer* observer : observers_) observer->resumed(*this, router);
        for (const auto& what : std::exchange(routers_[router].inbox, {})) what();
    }
    for (const std::size_t router : awake) expire_timer(router);
}

// Void while it is stalled, as it is not told then, and for the owner of the addresses.
void World::set_priority(std::size_t router, Priority priority) {
    Router& self = routers_[router];
    if (self.stalled || self.parameters.priority.is_owner()) return;
    const Parameters before = self.parameters;
    self.parameters.priority = priority;
    if (self.running) dispatch(router, ParametersChanged{before});
}

void World::fail(std::size_t router) {
    Router& self = routers_[router];
    self.able = false;
    self.muted = true;
    self.inbox.clear();
    when_scheduled(router, [this, router] { dispatch(router, Shutdown{Cause::InterfaceDown}); });
}

void World::mend(std::size_t router) {
    Router& self = routers_[router];
    self.able = true;
    self.muted = false;
    if (Group* const group = group_of(router)) group->disturbed = true;
}

void World::group(const std::vector<std::size_t>& members) {
    for (std::size_t link = 0; link < members.size(); ++link) routers_[members[link]].link = link;
    groups_.push_back({members});
}

World::Group* World::group_of(std::size_t router) {
    for (Group& group : groups_)
        if (std::count(group.members.begin(), group.members.end(), router) > 0) return &group;
    return nullptr;
}

std::vector<GroupMember> World::view(const Group& group) const {
    std::vector<GroupMember> members;
    for (const std::size_t router : group.members) {
        const Router& self = routers_[router];
        const Parameters& own = self.parameters;
        members.push_back({.able = self.running && self.able,
                           .priority = own.priority,
                           .election = self.election,
                           .skew = skew_time(own.version, own.priority, self.election.active_adver_interval),
                           .heard = self.heard});
    }
    return members;
}

/// What is not running or not scheduled is so as a whole.
void World::settle_groups() {
    for (Group& group : groups_) {
        const Router& first = routers_[group.members.front()];
        while (first.running && !first.stalled && std::exchange(group.disturbed, false)) {
            const GroupMove move = next_move(view(group), std::exchange(group.news, {}), now_);
            const auto event = event_of(move);
            for (const std::size_t router : group.members) {
                const Router& self = routers_[router];
                if (event) dispatch(router, *event);
                if (move == GroupMove::Start && self.election.state == State::Initialize)
                    dispatch(router, Adopted{self.lease});
            }
        }
    }
}

bool World::waits_for_group(std::size_t router) {
    const Group* const group = group_of(router);
    if (!group || routers_[router].election.state != State::Backup) return false;
    const auto self = std::find(group->members.begin(), group->members.end(), router);
    const auto until =
        waits_until(view(*group), static_cast<std::size_t>(self - group->members.begin()), now_);
    if (until) dispatch(router, GroupWaits{*until});
    return until.has_value();
}

void World::when_scheduled(std::size_t router, std::function<void()> what) {
    Router& self = routers_[router];
    if (!self.running) return;
    if (self.stalled)
        self.inbox.push_back(std::move(what));
    else
        what();
}

void World::deliver(std::size_t router, const Bytes& message, const Envelope& envelope) {
    // The data plane hears it, whoever lives.
    if (const auto word = parse(message, envelope); word && word->priority > 0) {
        Router& self = routers_[router];
        const bool is_better = word->priority > self.parameters.priority.value();
        self.rival = is_better ? std::max(now_, self.firm + std::chrono::nanoseconds(1)) : now_;
    }
    when_scheduled(router, [this, router, message, envelope] {
        const auto parsed = parse(message, envelope);
        if (parsed) {
            dispatch(router, AdvertisementReceived{parsed->priority, parsed->source, parsed->interval,
                                                   parsed->version});
        } else {
            for (Observer* observer : observers_) observer->rejected(*this, router);
        }
    });
}

/// The contract of step(): store the lease if it changed, then act, then wait for the timer.
void World::dispatch(std::size_t router, const Event& event) {
    Router& self = routers_[router];
    const Router before{.parameters = self.parameters,
                        .election = self.election,
                        .lease = self.lease,
                        .running = self.running};
    const Step result = step(self.parameters, self.election, event, now_);
    self.election = result.election;
    if (result.followed) self.heard = now_;
    if (Group* const group = group_of(router)) {
        group->disturbed |= result.followed || self.election.state != before.election.state ||
                            self.election.leaving != before.election.leaving ||
                            self.election.sending != before.election.sending;
        group->news.add(before.election, self.election);
    }
    if (result.election.lease != before.election.lease) {
        const bool is_heard_first = self.lease != kNoLease && before.election.sending == Sending::Pending;
        if (result.election.lease > self.lease && !is_heard_first)
            self.firm =
                std::max({now_, self.rival, result.election.lease - 2 * self.parameters.advertise_interval});
        self.lease = result.election.lease;
        self.orphaned = false;
    }
    for (Observer* observer : observers_) observer->stepped(*this, router, before, event, result);
    self.queued.advertise |= result.actions.advertise;
    self.queued.say_farewell |= result.actions.say_farewell;
    if (self.election.timer != before.election.timer) arm_timer(router);
    if (self.stopping && self.election.state != State::Active) {
        self.running = self.stopping = false;
        ++self.incarnation;
    }
}

/// As a turn of the protocol loop ends. What came of it may give rise to more.
void World::send_queued() {
    for (std::size_t router = 0; router < routers_.size(); ++router) {
        const Actions queued = std::exchange(routers_[router].queued, {});
        if (queued.say_farewell) transmit(router, 0);
        if (queued.advertise && may_advertise(routers_[router].election))
            transmit(router, routers_[router].parameters.priority.value());
        if (queued.say_farewell || queued.advertise) settle_groups();
    }
}

void World::arm_timer(std::size_t router) {
    const Router& self = routers_[router];
    const TimePoint due = self.election.timer;
    if (due == kNever) return;
    at(due + random_.up_to(latency), [this, router, due, incarnation = self.incarnation] {
        const Router& then = routers_[router];
        if (then.incarnation == incarnation && then.election.timer == due && !then.stalled)
            expire_timer(router);
    });
}

void World::expire_timer(std::size_t router) {
    const Router& self = routers_[router];
    if (!self.running || self.election.timer > now_) return;
    if (!waits_for_group(router)) dispatch(router, TimerExpired{});
}

Bytes World::advertisement(std::size_t router, std::uint8_t priority, Duration interval) {
    static constexpr std::array<std::uint8_t, 4> virtual_address{192, 0, 2, 254};
    const std::array addresses{IpAddress::from_bytes(virtual_address)};
    const Parameters& parameters = routers_[router].parameters;
    return serialize({parameters.version, *Vrid::from(10), priority, interval,
                      random_.pick({ChecksumForm::PseudoHeader, ChecksumForm::MessageOnly}),
                      parameters.primary_address, addresses});
}

Envelope World::envelope(std::size_t router) const {
    return {routers_[router].parameters.primary_address, advertisement_group(Family::Ipv4), 255};
}

void World::transmit(std::size_t router, std::uint8_t priority) {
    const Router& self = routers_[router];
    for (Observer* observer : observers_) observer->transmitted(*this, router, priority, !self.muted);
    if (self.muted && priority != 0) dispatch(router, AdvertisementFailed{});
    if (self.muted) return;
    const auto message =
        std::make_shared<const Bytes>(advertisement(router, priority, self.parameters.advertise_interval));
    for (std::size_t to = 0; to < routers_.size(); ++to) {
        if (routers_[to].link != self.link) continue;
        if (to == router && !random_.percent(10)) continue;  // now and then our own comes back
        send_frame(router, to, message);
        if (random_.percent(network.duplication)) send_frame(router, to, message);
    }
    if (priority == 0) return;
    at(now_ + random_.up_to(latency), [this, router, sent = now_, incarnation = self.incarnation] {
        if (routers_[router].incarnation != incarnation) return;
        when_scheduled(router, [this, router, sent] { dispatch(router, AdvertisementSent{sent}); });
    });
}

void World::send_frame(std::size_t from, std::size_t to, const std::shared_ptr<const Bytes>& message) {
    const bool apart = !network.side.empty() && network.side[from] != network.side[to];
    if (apart || random_.percent(network.loss)) return;
    const TimePoint arrival = std::min(now_ + random_.up_to(network.max_delay), network.latest);
    auto carried = message;
    if (random_.percent(network.corruption)) {
        Bytes damaged = *message;
        damaged[random_.below(damaged.size())] ^= static_cast<std::uint8_t>(1 + random_.below(255));
        carried = std::make_shared<const Bytes>(std::move(damaged));
    }
    at(arrival, [this, from, to, carried] { deliver(to, *carried, envelope(from)); });
}

}  // namespace vrrp_xdp::sim

// SPDX-License-Identifier: BSD-2-Clause
#include "elections/router_set.hpp"

#include <algorithm>
#include <utility>

#include "elections/announcer.hpp"
#include "elections/sync_groups.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::elections {
namespace {

using protocol::Cause;
using protocol::State;
using protocol::TimePoint;

/// Returns from which priority on another router's advertisements can move the election. Without Preempt_Mode
/// a Backup Router follows any (RFC 9568 §6.4.2), and who is leaving ends at any.
protocol::Priority better_from(const VirtualRouter& vr) {
    const bool follows_any =
        vr.election.leaving || (vr.election.state == State::Backup && !vr.config.preempt);
    return follows_any ? protocol::Priority::lowest() : vr.priority;
}

protocol::Duration patience_of(const VirtualRouter& vr) {
    return protocol::active_down_interval(version_of(vr.config.version, vr.election), vr.priority,
                                          vr.election.active_adver_interval);
}

}  // namespace

RouterSet::RouterSet(Host& host, std::vector<Interface*> interfaces)
    : host_(host), interfaces_(std::move(interfaces)), suspended_(interfaces_.size()) {
    std::size_t routers = 0;
    for (const Interface* interface : interfaces_) routers += interface->virtual_routers.size();
    takeovers_.reserve(routers);
}

void RouterSet::resize(std::size_t interfaces) {
    interfaces_.resize(interfaces);
    suspended_.resize(interfaces);
}

void RouterSet::apply_to_all(std::uint32_t index, const protocol::Event& event) {
    const TimePoint at = now();
    for (std::uint32_t i = 0; i < interfaces_[index]->virtual_routers.size(); ++i)
        apply({index, i}, event, at);
}

bool RouterSet::apply(RouterId id, const protocol::Event& event, TimePoint now) {
    VirtualRouter& vr = router(id);
    if (!vr.primary_address) return false;  // it never started
    const protocol::Parameters parameters = vr.parameters();
    const protocol::Step step = protocol::step(parameters, vr.election, event, now);
    const protocol::Election before = vr.election;
    vr.election = step.election;

    // The lease first: from this store on the data plane answers, or no longer does.
    Interface& interface = *interfaces_[id.interface];
    const auto* adopted = std::get_if<protocol::Adopted>(&event);
    const TimePoint held = adopted != nullptr ? adopted->lease : before.lease;
    const bool is_taken = std::holds_alternative<protocol::LeaseTaken>(event);
    if (!is_taken && !store_lease(id, before, held)) {
        vr.election = before;
        if (adopted != nullptr) return apply(id, protocol::Startup{}, now);
        return apply(id, protocol::LeaseTaken{}, now);
    }
    if (before.following && !vr.election.following) interface.expect_nothing(id.router);
    interface.timers[id.router] = vr.election.timer;
    interface.tell_better_from(id.router, better_from(vr));
    interface.tell_patience(id.router, patience_of(vr));
    protocol::Actions actions = step.actions;
    if (actions.announce_addresses)
        actions.announce_addresses = announcer_->begin(vr, before.state != State::Active, now);
    interface.queue(id.router, actions);
    if (vr.sync_group) groups_->note_news(*vr.sync_group, before, step);

    if (vr.election.state != before.state) note_transition(id, before, now);
    if (vr.election.leaving && !before.leaving)
        tell(Leaving{id, vr.election.lease - now, vr.election.drains});
    if (before.drains && !vr.election.leaving) note_drained(id);
    if (observer_ != nullptr) observer_->stepped(id, parameters, before, event, step);
    return step.followed;
}

/// Returns whether nobody else has changed the lease. held: what the data plane has, unless somebody did.
bool RouterSet::store_lease(RouterId id, const protocol::Election& before, TimePoint held) {
    const protocol::Election& election = router(id).election;
    Interface& interface = *interfaces_[id.interface];
    const TimePoint lease = election.lease;
    if (election.firm != before.firm && election.firm != protocol::kNoLease)
        interface.store_firm(id.router, election.firm);
    if (held != protocol::kNoLease && lease != protocol::kNoLease)
        return interface.extend_lease(id.router, held, lease);
    // What was taken from a Backup Router may still be there.
    const bool ends = before.state == State::Backup && election.state == State::Initialize;
    if (lease != before.lease || ends) interface.store_lease(id.router, lease);
    return true;
}

void RouterSet::note_transition(RouterId id, const protocol::Election& before, TimePoint now) {
    VirtualRouter& vr = router(id);
    const TimePoint since = std::exchange(vr.since, now);
    if (before.state == State::Active) --active_;
    if (vr.election.state == State::Active) {
        ++active_;
        if (vr.election.cause != Cause::Adopted) ++vr.statistics.master_transitions;
        vr.lateness.reset();
    }
    vr.deadline.reset();
    const bool tried = before.sending == protocol::Sending::Trying;
    if (vr.election.state == State::Active && vr.election.cause == Cause::ActiveDownTimer && !tried) {
        vr.deadline = before.timer;
        takeovers_.push_back(notices_.size());
    }
    const bool timed_out = vr.election.cause == Cause::ActiveDownTimer;
    const bool silent = timed_out && before.following;
    const bool preempts = timed_out && !before.following && vr.heard && vr.heard->at >= since &&
                          vr.heard->priority > 0 && vr.heard->priority < vr.priority.value();
    tell(Transition{id, before.state, vr.election.state, vr.election.cause, silent ? vr.followed : vr.heard,
                    preempts, std::nullopt, vr.drained});
}

/// Its guardian sends a farewell again, from its next takeover on or from now.
void RouterSet::note_drained(RouterId id) {
    host_.farewells_changed(id);
    if (router(id).election.state == State::Active) tell(NobodyTookOver{id});
}

void RouterSet::note_lateness() {
    for (const std::size_t place : takeovers_)
        if (auto* const takeover = std::get_if<Transition>(&notices_[place]))
            takeover->lateness = router(takeover->router).lateness;
    takeovers_.clear();
}

void RouterSet::hand_over(std::uint32_t index) {
    for (const VirtualRouter& vr : interfaces_[index]->virtual_routers)
        if (vr.election.state == State::Active) --active_;
}

void RouterSet::follow_ability(RouterId id, Cause up, Cause down) {
    VirtualRouter& vr = router(id);
    const bool waits = interfaces_[id.interface]->starts_at != TimePoint{};
    const bool able = vr.interface_works && !vr.faulted && !waits;
    if (able == vr.able) return;
    vr.able = able;
    vr.up = up;
    if (!able) apply(id, protocol::Shutdown{down}, now());
    if (vr.sync_group)
        groups_->disturb(*vr.sync_group);
    else if (able)
        begin(id);
}

void RouterSet::begin(RouterId id) {
    if (interfaces_[id.interface]->leaving) return;
    const Cause up = std::exchange(router(id).up, Cause::GroupRecovered);
    if (up == Cause::Startup)
        adopt(id);
    else
        apply(id, protocol::Startup{up}, now());
}

void RouterSet::adopt(RouterId id) {
    Interface& interface = *interfaces_[id.interface];
    // Whom another router has succeeded has nothing left to adopt.
    if (interface.is_succeeded(id.router)) interface.store_lease(id.router, protocol::kNoLease);
    apply(id, protocol::Adopted{interface.lease(id.router)}, now());
    // The instance before may have had the addresses at another MAC.
    if (router(id).election.state == State::Active) interface.queue(id.router, {.announce_addresses = true});
}

void RouterSet::set_priority(RouterId id, protocol::Priority priority) {
    VirtualRouter& vr = router(id);
    if (vr.priority == priority) return;
    if (!vr.primary_address) return vr.set_priority(priority);
    const protocol::Parameters before = vr.parameters();
    const TimePoint at = now();
    apply(id, protocol::ActiveHeard{interfaces_[id.interface]->last_heard(id.router)}, at);
    vr.set_priority(priority);
    apply(id, protocol::ParametersChanged{before}, at);
}

void RouterSet::set_drained(RouterId id, bool drained) {
    VirtualRouter& vr = router(id);
    if (vr.drained == drained) return;
    vr.drained = drained;
    if (!vr.primary_address) return vr.set_priority(vr.own_priority());
    const TimePoint at = now();
    vr.drained = !drained;
    const protocol::Parameters before = vr.parameters();
    apply(id, protocol::ActiveHeard{interfaces_[id.interface]->last_heard(id.router)}, at);
    vr.drained = drained;
    // That of a sync group is what all of its members agree on.
    if (drained || !vr.sync_group) vr.set_priority(vr.own_priority());
    if (drained)
        apply(id, protocol::Drain{before}, at);
    else
        apply(id, protocol::ParametersChanged{before}, at);
}

}  // namespace vrrp_xdp::elections

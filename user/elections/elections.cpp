// SPDX-License-Identifier: BSD-2-Clause
#include "elections/elections.hpp"

#include <algorithm>
#include <utility>

namespace vrrp_xdp::elections {
namespace {

using protocol::Cause;
using protocol::State;
using protocol::TimePoint;

/// An effect may cost as many new frames as it has addresses and peers; timers must not wait for hundreds.
constexpr std::size_t kCommandsPerTurn = 32;

/// Returns whether the lease of an Active Router is no longer its own: the guardian has sent a farewell for
/// it, or it is later than a Backup Router waits, and another router was heard.
bool is_taken(const Interface& interface, std::uint32_t router, TimePoint now) {
    const VirtualRouter& vr = interface.virtual_routers[router];
    if (vr.election.state != State::Active) return false;
    if (interface.lease(router) != vr.election.lease) return true;
    const bool is_late = now >= vr.election.lease - vr.config.advertise_interval;
    return is_late && is_staying_active(vr.election) && interface.is_succeeded(router);
}

}  // namespace

Elections::Elections(Host& host, std::vector<Interface*> interfaces)
    : routers_(host, std::move(interfaces)),
      groups_(routers_),
      receiver_(routers_),
      sender_(routers_),
      interface_events_(routers_),
      executor_({routers_, groups_, receiver_, sender_, interface_events_}) {
    routers_.connect(announcer_, groups_);
    groups_.form();
}

Result<void> Elections::open() {
    for (std::uint32_t i = 0; i < routers_.size(); ++i)
        if (auto taken = executor_.take_in(i); !taken) return taken;
    return {};
}

void Elections::begin() {
    interface_events_.waive_startup_delay();
    // A driver may have reset its card for the program: no election begins with the carrier of before.
    static_cast<void>(routers_.host().changed_interfaces());
    routers_.for_each_interface(
        [this](std::uint32_t index, const Interface&) { interface_events_.start(index, Cause::Startup); });
    groups_.settle();
    routers_.for_each_interface(
        [this](std::uint32_t index, const Interface&) { interface_events_.drop_leases(index); });
    sender_.send();
    routers_.host().heartbeat(routers_.now());
}

void Elections::turn(Ready ready) {
    last_turn_ = routers_.now();
    routers_.host().heartbeat(last_turn_);
    notice_fences();
    // What was heard comes before what has expired: an advertisement that waited for us has put the timer
    // off.
    receiver_.receive();
    if (ready.interfaces) interface_events_.follow_changes();
    interface_events_.end_startup_delay(last_turn_);
    expire_timers();
    groups_.settle();
    announcer_.announce_again(routers_, last_turn_);
    if (ready.commands) {
        routers_.host().take_commands([this](const Command& command) { executor_.execute(command); },
                                      kCommandsPerTurn);
        groups_.settle();
    }
    executor_.release_who_has_left();
    sender_.send();
}

void Elections::notice_fences() {
    if (routers_.active() == 0) return;
    routers_.for_each_interface([this](std::uint32_t index, const Interface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
            if (is_taken(interface, i, last_turn_))
                routers_.apply({index, i}, protocol::LeaseTaken{}, last_turn_);
    });
}

void Elections::expire_timers() {
    const TimePoint now = routers_.now();
    if (now < scheduled_) return;
    routers_.for_each_interface([&](std::uint32_t index, const Interface& interface) {
        put_off_timers(index, now);
        const TimePoint heard = receiver_.heard_until(interface);
        for (std::uint32_t i = 0; i < interface.timers.size(); ++i) {
            // Where events still wait, one of them may have put a Backup Router's timer off.
            const bool is_backup = interface.virtual_routers[i].election.state == State::Backup;
            if (interface.timers[i] <= (is_backup ? std::min(now, heard) : now)) expire({index, i}, now);
        }
    });
}

void Elections::expire(RouterId id, TimePoint now) {
    if (!groups_.waits(id, now)) routers_.apply(id, protocol::TimerExpired{}, now);
}

/// Every Backup Router's, though few are due: one look at all stamps spares a wake-up for each of them.
void Elections::put_off_timers(std::uint32_t index, TimePoint now) {
    const Interface& interface = *routers_.interface(index);
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (interface.virtual_routers[i].election.following)
            routers_.apply({index, i}, protocol::ActiveHeard{interface.last_heard(i)}, now);
}

TimePoint Elections::schedule() {
    scheduled_ = announcer_.next();
    routers_.for_each_interface([&](std::uint32_t, const Interface& interface) {
        for (const TimePoint timer : interface.timers) scheduled_ = std::min(scheduled_, timer);
        if (interface.starts_at != TimePoint{}) scheduled_ = std::min(scheduled_, interface.starts_at);
    });
    // Moved by what came of sending: the others go along at once.
    if (groups_.any_is_disturbed()) scheduled_ = last_turn_;
    return scheduled_;
}

}  // namespace vrrp_xdp::elections

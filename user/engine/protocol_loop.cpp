// SPDX-License-Identifier: BSD-2-Clause
#include "engine/protocol_loop.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/realtime.hpp"
#include "net/boot_clock.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::engine {
namespace {

using protocol::AdvertisementSent;
using protocol::Cause;
using protocol::State;
using protocol::TimePoint;

// What a queued advertisement was: slot and kind in one number.
constexpr std::uint32_t kFarewell = 1U << 31;
constexpr std::uint32_t kMoreVersions = 1U << 30;  ///< the same in version 2 is next
constexpr std::uint32_t kKinds = kFarewell | kMoreVersions;
constexpr std::uint32_t kNobody = kKinds;  ///< no Virtual Router's place in the list

/// What is kept for an ordinary thread that is far behind is tried again so often.
constexpr std::chrono::milliseconds kNoticeRetry(10);

/// What becomes of a notice that finds the mailbox full.
enum class Importance : std::uint8_t {
    Repeated,           ///< told again if it stays so: left out, and counted
    Told,               ///< kept for later, unless too many are
    MissingInterfaces,  ///< somebody waits for it: kept whatever it costs
};

template <typename... Kinds>
bool is_one_of(const Notice& notice) {
    return (std::holds_alternative<Kinds>(notice) || ...);
}

Importance importance_of(const Notice& notice) {
    if (is_one_of<elections::AddressClaimed, elections::AddressListDiffers, elections::IntervalDiffers,
                  elections::SecondOwner, elections::VridInUse, elections::PeerSigns>(notice))
        return Importance::Repeated;
    if (is_one_of<SnapshotTaken, Released, HandedOver, Suspended, Reconfigured, elections::MacChanged>(
            notice))
        return Importance::MissingInterfaces;
    return Importance::Told;
}

void add_advertisements(const elections::VirtualRouter& vr, net::FrameBatch& batch, std::uint32_t tag) {
    const bool in_both = vr.config.also_version_2;
    for (std::size_t i = 0; i < vr.advertisements.size(); ++i)
        batch.add(vr.advertisements[i], in_both && i % 2 == 0 ? tag | kMoreVersions : tag);
}

/// From which priority on another router's advertisements can move the election. Without Preempt_Mode a
/// Backup Router follows any (RFC 9568 §6.4.2).
protocol::Priority better_from(const elections::VirtualRouter& vr) {
    const bool follows_any = vr.election.state == State::Backup && !vr.config.preempt;
    return follows_any ? protocol::Priority::lowest() : vr.priority;
}

}  // namespace

Result<ProtocolLoop> ProtocolLoop::make(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                                        FencingPlan& fencing_plan, Commands& commands, Notices& notices) {
    UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
    UniqueFd timer(timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!epoll || !timer) return system_failure("making the event loop");
    ProtocolLoop loop(interfaces, std::move(monitor), fencing_plan, commands, notices, std::move(epoll),
                      std::move(timer));

    for (const int source : {loop.timer_.get(), loop.monitor_.event_fd(), commands.event_fd()})
        if (auto watched = loop.watch(source); !watched) return tl::unexpected(watched.error());
    for (std::uint32_t i = 0; i < interfaces.size(); ++i)
        if (auto taken = loop.take_in(i); !taken) return tl::unexpected(taken.error());
    return loop;
}

ProtocolLoop::ProtocolLoop(const ManagedInterfaces& interfaces, net::InterfaceMonitor monitor,
                           FencingPlan& fencing_plan, Commands& commands, Notices& notices, UniqueFd epoll,
                           UniqueFd timer)
    : monitor_(std::move(monitor)),
      fencing_plan_(&fencing_plan),
      commands_(commands),
      notices_(notices),
      epoll_(std::move(epoll)),
      timer_(std::move(timer)) {
    std::size_t routers = 0;
    for (const auto& interface : interfaces) {
        interfaces_.push_back(interface.get());
        routers += interface->virtual_routers.size();
    }
    suspended_.resize(interfaces_.size());
    kept_at_most_ = 2 * routers + 32;
    pending_.reserve(2 * kept_at_most_);
    takeovers_.reserve(routers);
    form_groups();
}

Result<void> ProtocolLoop::take_in(std::uint32_t index) {
    const ManagedInterface& interface = *interfaces_[index];
    auto shared = std::find_if(ports_.begin(), ports_.end(),
                               [&](const SharedPort& each) { return each.port == interface.port; });
    if (shared == ports_.end()) {
        if (auto watched = watch(interface.port->event_fd()); !watched) return watched;
        ports_.push_back({interface.port, std::vector<std::optional<SlotOwner>>(VRRP_XDP_MAX_ELECTIONS)});
        shared = std::prev(ports_.end());
    }
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        shared->owners[interface.slots[i]] = SlotOwner{{index, i}, interface.election(i)};
    return {};
}

Result<void> ProtocolLoop::watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0)
        return system_failure("watching an event source");
    return {};
}

void ProtocolLoop::unwatch(int fd) const { epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

void ProtocolLoop::run() {
    if (const int error = schedule_realtime(); error != 0) pending_.emplace_back(NotRealtime{error});
    waive_startup_delay();
    // A driver may have reset its card for the program: no election begins with the carrier of before.
    static_cast<void>(monitor_.update());
    for_each_interface([this](std::uint32_t index, ManagedInterface&) { start(index, Cause::Startup); });
    settle_groups();
    for_each_interface([this](std::uint32_t index, ManagedInterface&) { drop_leases(index); });
    send();
    report();
    arm_timer();
    while (!ended_) turn(wait());
}

ProtocolLoop::Ready ProtocolLoop::wait() {
    std::array<epoll_event, 16> events{};
    const int forever = -1;
    const int count = epoll_wait(epoll_.get(), events.data(), events.size(), has_backlog_ ? 0 : forever);
    Ready ready;
    for (int i = 0; i < count; ++i) {
        const int source = events[static_cast<std::size_t>(i)].data.fd;
        if (source == monitor_.event_fd()) ready.interfaces = true;
        if (source == commands_.event_fd()) ready.commands = true;
    }
    return ready;
}

void ProtocolLoop::turn(Ready ready) {
    last_heartbeat_ = net::boot_now();
    fencing_plan_->beat(last_heartbeat_);
    notice_fences();
    // What was heard comes before what has expired: an advertisement that waited for us has put the timer
    // off.
    receive_advertisements();
    if (ready.interfaces) follow_interfaces();
    end_startup_delay();
    expire_timers();
    settle_groups();
    announce_again();
    if (ready.commands) execute_commands();
    release_who_has_left();
    send();
    report();
    arm_timer();
}

void ProtocolLoop::notice_fences() {
    if (active_elections_ == 0) return;
    for_each_interface([this](std::uint32_t index, const ManagedInterface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
            if (const protocol::Election& election = interface.virtual_routers[i].election;
                election.state == State::Active && interface.lease(i) != election.lease)
                apply({index, i}, protocol::LeaseTaken{}, last_heartbeat_);
    });
}
void ProtocolLoop::expire_timers() {
    const TimePoint now = net::boot_now();
    if (now < armed_) return;
    for_each_interface([&](std::uint32_t index, const ManagedInterface& interface) {
        put_off_timers(index, now);
        const TimePoint heard = heard_until(interface);
        for (std::uint32_t i = 0; i < interface.timers.size(); ++i) {
            // Where events still wait, one of them may have put a Backup Router's timer off.
            const bool is_backup = interface.virtual_routers[i].election.state == State::Backup;
            if (interface.timers[i] <= (is_backup ? std::min(now, heard) : now)) expire({index, i}, now);
        }
    });
}

void ProtocolLoop::expire(elections::RouterId id, TimePoint now) {
    if (!waits_for_group(id, now)) apply(id, protocol::TimerExpired{}, now);
}

/// Every Backup Router's, though few are due: one look at all stamps spares a wake-up for each of them.
void ProtocolLoop::put_off_timers(std::uint32_t index, TimePoint now) {
    const ManagedInterface& interface = *interfaces_[index];
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (interface.virtual_routers[i].election.following)
            apply({index, i}, protocol::ActiveHeard{interface.last_heard(i)}, now);
}

void ProtocolLoop::apply_to_all(std::uint32_t index, const protocol::Event& event) {
    const TimePoint now = net::boot_now();
    for (std::uint32_t i = 0; i < interfaces_[index]->virtual_routers.size(); ++i)
        apply({index, i}, event, now);
}

bool ProtocolLoop::apply(elections::RouterId id, const protocol::Event& event, TimePoint now) {
    elections::VirtualRouter& vr = router(id);
    if (!vr.primary_address) return false;  // it never started
    const protocol::Step step = protocol::step(vr.parameters(), vr.election, event, now);
    const protocol::Election before = vr.election;
    vr.election = step.election;

    // The lease first: from this store on the data plane answers, or no longer does.
    ManagedInterface& interface = *interfaces_[id.interface];
    const auto* adopted = std::get_if<protocol::Adopted>(&event);
    const TimePoint held = adopted != nullptr ? adopted->lease : before.lease;
    // One interval from the advertisement that the lease counts from. A takeover's, which counts from none,
    // is never firm, and its first advertisement makes it no firmer: that may be lost before an Active Router
    // that is taken over from, and goes on.
    const bool is_heard_first = held != protocol::kNoLease && before.sending == protocol::Sending::Pending;
    if (vr.election.lease > held && !is_heard_first)
        interface.store_firm(id.router,
                             std::max(now, vr.election.lease - 2 * vr.parameters().advertise_interval));
    if (held != protocol::kNoLease && vr.election.lease != protocol::kNoLease) {
        if (!interface.extend_lease(id.router, held, vr.election.lease)) {
            vr.election = before;
            if (adopted != nullptr) return apply(id, protocol::Startup{}, now);
            return apply(id, protocol::LeaseTaken{}, now);
        }
    } else if (vr.election.lease != before.lease) {
        interface.store_lease(id.router, vr.election.lease);
    }
    if (before.following && !vr.election.following) interface.expect_nothing(id.router);
    interface.timers[id.router] = vr.election.timer;
    interface.tell_better_from(id.router, better_from(vr));
    protocol::Actions actions = step.actions;
    if (actions.announce_addresses)
        actions.announce_addresses = begin_announcing(vr, before.state != State::Active, now);
    interface.queue(id.router, actions);
    if (vr.sync_group) note_news(groups_[*vr.sync_group], before, step);

    if (vr.election.state != before.state) note_transition(id, before, now);
    if (vr.election.leaving && !before.leaving)
        pending_.emplace_back(elections::Leaving{id, vr.election.lease - now});
    return step.followed;
}

void ProtocolLoop::note_transition(elections::RouterId id, const protocol::Election& before, TimePoint now) {
    elections::VirtualRouter& vr = router(id);
    const TimePoint since = std::exchange(vr.since, now);
    if (before.state == State::Active) --active_elections_;
    if (vr.election.state == State::Active) {
        ++active_elections_;
        if (vr.election.cause != Cause::Adopted) ++vr.statistics.master_transitions;
        vr.lateness.reset();
    }
    vr.deadline.reset();
    const bool tried = before.sending == protocol::Sending::Trying;
    if (vr.election.state == State::Active && vr.election.cause == Cause::ActiveDownTimer && !tried) {
        vr.deadline = before.timer;
        takeovers_.push_back(pending_.size());
    }
    const bool timed_out = vr.election.cause == Cause::ActiveDownTimer;
    const bool silent = timed_out && before.following;
    const bool preempts = timed_out && !before.following && vr.heard && vr.heard->at >= since &&
                          vr.heard->priority > 0 && vr.heard->priority < vr.priority.value();
    pending_.emplace_back(elections::Transition{id, before.state, vr.election.state, vr.election.cause,
                                                silent ? vr.followed : vr.heard, preempts});
}

/// All advertisements before any announcement: other routers must know first.
void ProtocolLoop::send() {
    for_each_interface([this](std::uint32_t index, const ManagedInterface& interface) {
        if (!interface.due.empty()) send_advertisements(index);
    });
    for_each_interface([](std::uint32_t, ManagedInterface& interface) {
        if (!interface.due.empty()) send_announcements(interface);
    });
    note_lateness();
}

void ProtocolLoop::send_advertisements(std::uint32_t index) {
    ManagedInterface& interface = *interfaces_[index];
    const TimePoint at = net::boot_now();
    bool any = false;
    for (const std::uint32_t i : interface.due) {
        elections::VirtualRouter& vr = interface.virtual_routers[i];
        net::FrameBatch& batch = interface.batch_of(i);
        if (vr.queued.say_farewell)
            for (const net::Outgoing& farewell : vr.farewells) batch.add(farewell, i | kFarewell);
        // Whose lease ran out since it was stepped must not speak: another may have taken over.
        const bool may = vr.election.state != State::Active || at < vr.election.lease;
        if (vr.queued.advertise && may && may_advertise(vr.election)) {
            add_advertisements(vr, batch, i);
            vr.unsent = true;
        }
        any |= !batch.empty();
    }
    if (!any) return;
    std::uint32_t left_in_version_3 = kNobody;
    const int error = interface.flush_advertisements([&](std::uint32_t tag) {
        const std::uint32_t i = tag & ~kKinds;
        const bool in_both = left_in_version_3 == i;
        left_in_version_3 = kNobody;
        protocol::Statistics& statistics = interface.virtual_routers[i].statistics;
        ++statistics.advertisement_sent;
        if ((tag & kFarewell) != 0) {
            ++statistics.priority_zero_pkts_sent;
            // A second one from the guardian would have the successor wait anew.
            if (interface.virtual_routers[i].election.leaving) drop_farewells(interface.fencing_entries[i]);
        } else if ((tag & kMoreVersions) != 0) {
            left_in_version_3 = i;
        } else if (in_both || !interface.virtual_routers[i].config.also_version_2) {
            // Of two versions both have to leave: there may be routers that hear only one.
            note_sent({index, i}, at);
        }
    });
    note_unsent(index);
    note_sending(index, error);
}

/// All of a batch have left by now, the first of them a little earlier. A lease that ran out meanwhile is not
/// extended: another router may have taken over.
void ProtocolLoop::note_sent(elections::RouterId id, TimePoint at) {
    elections::VirtualRouter& vr = router(id);
    vr.unsent = false;
    apply(id, AdvertisementSent{at}, net::boot_now());
    if (!vr.deadline) return;
    vr.lateness = net::boot_now() - *vr.deadline;
    vr.deadline.reset();
}

/// Before any announcement: who has just taken over without being heard by others announces nothing.
void ProtocolLoop::note_unsent(std::uint32_t index) {
    ManagedInterface& interface = *interfaces_[index];
    for (const std::uint32_t i : interface.due)
        if (std::exchange(interface.virtual_routers[i].unsent, false))
            apply({index, i}, protocol::AdvertisementFailed{}, net::boot_now());
}

void ProtocolLoop::send_announcements(ManagedInterface& interface) {
    for (const std::uint32_t i : interface.due) {
        elections::VirtualRouter& vr = interface.virtual_routers[i];
        if (vr.queued.announce_addresses && is_staying_active(vr.election))
            for (const net::Frame& announcement : vr.announcements)
                interface.announcements.add(announcement, i);
        vr.queued = {};
    }
    interface.due.clear();
    interface.announcements.flush(interface.socket.fd(), [](std::uint32_t) {});
}

void ProtocolLoop::note_lateness() {
    for (const std::size_t place : takeovers_)
        if (auto* const takeover = std::get_if<elections::Transition>(&pending_[place]))
            takeover->lateness = router(takeover->router).lateness;
    takeovers_.clear();
}

void ProtocolLoop::note_sending(std::uint32_t index, int error) {
    ManagedInterface& interface = *interfaces_[index];
    if (error == 0 && !interface.sending_fails) return;
    // One Virtual Router's may be too large, or have no way, where those of others leave.
    const auto& routers = interface.virtual_routers;
    const bool fails =
        error != 0 || std::any_of(routers.begin(), routers.end(), [](const elections::VirtualRouter& vr) {
            return vr.election.sending == protocol::Sending::Fails;
        });
    if (fails == interface.sending_fails) return;
    interface.sending_fails = fails;
    if (fails)
        pending_.emplace_back(SendingFails{index, error});
    else
        pending_.emplace_back(SendingWorks{index});
}

void ProtocolLoop::report() {
    if (pending_.empty()) return;
    std::size_t kept = 0;
    for (const Notice& notice : pending_)
        if (!deliver(notice, kept)) pending_[kept++] = notice;
    notices_.ring();
    pending_.resize(kept);
}

/// kept: how many have to wait for the next turn already. Those behind them follow in order.
bool ProtocolLoop::deliver(const Notice& notice, std::size_t kept) {
    const Importance importance = importance_of(notice);
    const bool has_room = kept == 0 && (importance != Importance::Repeated || !notices_.is_half_full());
    if (has_room && notices_.post(notice)) return true;
    if (importance == Importance::MissingInterfaces ||
        (importance == Importance::Told && kept < kept_at_most_))
        return false;
    notices_.note_left_out();
    return true;
}

void ProtocolLoop::arm_timer() {
    TimePoint next = protocol::kNever;
    for_each_interface([&](std::uint32_t, const ManagedInterface& interface) {
        for (const TimePoint timer : interface.timers) next = std::min(next, timer);
        if (interface.starts_at != TimePoint{}) next = std::min(next, interface.starts_at);
    });
    next = std::min(next, next_announcement_);
    if (!pending_.empty()) next = std::min(next, last_heartbeat_ + kNoticeRetry);
    if (active_elections_ > 0)
        next = std::min(next, last_heartbeat_ + std::chrono::nanoseconds(guardian::kHeartbeatNs));
    // Moved by what came of sending: the others go along at once.
    if (std::any_of(groups_.begin(), groups_.end(), [](const SyncGroup& group) { return group.disturbed; }))
        next = last_heartbeat_;
    if (next == armed_) return;
    armed_ = next;
    itimerspec when{};
    if (next != protocol::kNever) {
        const auto since_boot = next.time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
        when.it_value = {seconds.count(), (since_boot - seconds).count()};
    }
    timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

}  // namespace vrrp_xdp::engine

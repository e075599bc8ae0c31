// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/state_machine.hpp"

#include <algorithm>
#include <utility>

#include "protocol/timers.hpp"

namespace vrrp_xdp::protocol {
namespace {

/// One call of step(): the handlers of RFC 9568 §6.4, one a state and event, work on a copy of the election.
class Machine {
  public:
    Machine(const Parameters& parameters, const Election& election, TimePoint now)
        : parameters_(parameters),
          step_{election, {}, std::nullopt, false},
          now_(now),
          was_(election.state) {}

    Step run(const Event& event) {
        // Who wakes after its lease ran out may have been replaced already: it listens first, silently.
        if (election().state == State::Active && now_ >= election().lease) lose(Cause::LeaseExpired);
        std::visit([this](const auto& what) { handle(what); }, event);
        return step_;
    }

  private:
    Election& election() { return step_.election; }

    void become_backup(Cause cause) {
        election() = {.state = State::Backup,
                      .cause = cause,
                      .active_adver_interval = parameters_.advertise_interval,
                      .timer = now_ + down_interval(parameters_.advertise_interval),
                      .lease = kNoLease,
                      .sending = known_sending()};
    }

    void become_initialize(Cause cause) {
        election() = {.state = State::Initialize, .cause = cause, .sending = known_sending()};
    }

    /// For the next takeover. What is not known to have left is not counted upon.
    Sending known_sending() const {
        return step_.election.sending == Sending::Works ? Sending::Works : Sending::Fails;
    }

    /// Whether it has taken over and no advertisement of it is known to have left: nobody knows of it, and
    /// nothing stands for its lease.
    bool is_unknown() const { return step_.election.sending == Sending::Pending; }

    /// Unlike §6.4.2, which has it become Active first, where the last advertisement did not leave.
    void take_over(Cause cause) {
        if (election().sending == Sending::Works) return become_active(cause);
        election().sending = Sending::Trying;
        election().timer = now_ + parameters_.advertise_interval;  // to try again, should it not leave
        step_.actions.advertise = true;
    }

    /// No longer Active, silently. Who was leaving anyway has left.
    void lose(Cause cause) {
        if (election().leaving && !election().drains)
            become_initialize(election().cause);
        else
            become_backup(cause);
    }

    void become_active(Cause cause) {
        const Duration interval = parameters_.advertise_interval;
        election() = {.state = State::Active,
                      .cause = cause,
                      .active_adver_interval = interval,
                      .timer = next_advertisement(now_, interval),
                      // Provisional: long enough for the first advertisement to leave, which extends it.
                      .lease = now_ + interval,
                      .sending = Sending::Pending,
                      // Whoever is heard from here on goes on, if the first advertisement is lost.
                      .firm = now_};
        step_.actions.advertise = true;
        step_.actions.announce_addresses = true;
    }

    Version version() const { return version_of(parameters_.version, step_.election); }

    Duration down_interval(Duration active_adver_interval) const {
        return active_down_interval(version(), parameters_.priority, active_adver_interval);
    }

    void handle(const Startup& startup) {  // §6.4.1
        if (election().state != State::Initialize) return;
        const bool is_owner = parameters_.priority.is_owner();
        if (is_owner && election().sending == Sending::Works) return become_active(startup.cause);
        become_backup(startup.cause);
        if (is_owner) take_over(startup.cause);
    }

    void handle(const Adopted& adopted) {
        if (election().state != State::Initialize) return;
        if (now_ >= adopted.lease) return handle(Startup{});
        const Duration interval = parameters_.advertise_interval;
        // At once: its last advertisement may be long ago. And announced, for there may be new addresses.
        become_active(Cause::Adopted);
        // Other routers may learn a shorter interval, and with it less patience, from that advertisement.
        election().lease = std::min(adopted.lease, now_ + longest_lease(interval));
        election().firm = kNoLease;
        election().sending = Sending::Works;  // it takes over from nobody: others heard the one before
    }

    void handle(const Shutdown& shutdown) {  // §6.4.2, §6.4.3
        if (election().state == State::Initialize) return;
        step_.actions.say_farewell = is_staying_active(election()) && !is_unknown();
        become_initialize(shutdown.cause);
    }

    /// Unlike §6.4.3, which has it leave its hosts alone for the successor's Skew_Time.
    void handle(const Leave& leave) {
        if (election().state != State::Active || is_unknown()) return handle(Shutdown{leave.cause});
        if (election().leaving && !election().drains) return;
        step_.actions.say_farewell = !election().drains;
        election().leaving = true;
        election().drains = false;
        election().cause = leave.cause;
        // No Skew_Time is longer than the interval (§6.1). The farewell may be lost, and so what was promised
        // before holds.
        const Duration longest = interval_on_the_wire(parameters_.advertise_interval);
        election().lease = std::min(election().lease, now_ + longest);
        election().firm = now_;  // the successor's first word is enough
        election().timer = election().lease;
    }

    /// Nobody has taken over from one that is drained.
    void go_on() {
        if (election().sending != Sending::Works) return become_backup(Cause::SendingFailed);
        become_active(Cause::ActiveDownTimer);
    }

    void handle(const TimerExpired&) {
        if (now_ < election().timer) return;
        if (election().state == State::Backup && is_leaving_alone()) return stop_leaving_alone();
        if (election().state == State::Backup) return take_over(Cause::ActiveDownTimer);  // §6.4.2
        if (election().state != State::Active) return;
        if (election().drains) return go_on();
        step_.actions.advertise = true;  // §6.4.3
        election().timer = next_advertisement(now_, parameters_.advertise_interval);
    }

    void handle(const AdvertisementReceived& heard) {
        if (const auto reason = discard_reason(heard)) {
            step_.discard = reason;
        } else if (election().state == State::Backup) {
            hear_as_backup(heard);
        } else {
            hear_as_active(heard);
        }
    }

    std::optional<Discard> discard_reason(const AdvertisementReceived& heard) const {
        if (step_.election.state == State::Initialize) return Discard::NotRunning;
        if (heard.source == parameters_.primary_address) return Discard::Own;
        if (parameters_.version == Version::V2 && heard.interval != parameters_.advertise_interval)
            return Discard::IntervalMismatch;
        if (is_said_in_version_3(heard)) return Discard::SaidInVersion3;
        return std::nullopt;
    }

    /// Only while version 3 does come in: who stops to speak it is still alive. A farewell counts in any
    /// version.
    bool is_said_in_version_3(const AdvertisementReceived& heard) const {
        const Election& election = step_.election;
        if (!parameters_.also_version_2 || heard.version != Version::V2 || heard.priority == 0) return false;
        return election.following && election.version_3_from == heard.source &&
               2 * (now_ - election.version_3_at) < 3 * election.active_adver_interval;
    }

    void hear_as_backup(const AdvertisementReceived& heard) {  // §6.4.2
        if (heard.priority == 0) {
            election().following = false;
            election().dismissed = true;
            election().preempts_at = kNever;
            election().timer =
                now_ + skew_time(version(), parameters_.priority, election().active_adver_interval);
        } else if (election().sending == Sending::Trying && !is_better(heard)) {
            // Where what it tries has left, the other yields to it: both would, if it followed now.
        } else if (!preempts() || heard.priority >= parameters_.priority.value()) {
            election().preempts_at = kNever;
            follow(heard);
        } else if (is_left_alone()) {
            follow(heard);
        } else {
            election().dismissed = false;  // a worse router is Active after all
        }
    }

    /// Whether the delay lasts that a worse Active Router has before it is preempted. It begins here.
    bool is_left_alone() {
        if (parameters_.preempt_delay == Duration{} || parameters_.priority.is_owner()) return false;
        if (election().preempts_at == kNever) election().preempts_at = now_ + parameters_.preempt_delay;
        return now_ < election().preempts_at;
    }

    /// Whether the timer is that of the delay, and not of the followed router's silence.
    bool is_leaving_alone() const { return step_.election.following && step_.election.preempts_at <= now_; }

    /// From here on it is no longer heard, and patience ends as if it were dead (§6.4.2).
    void stop_leaving_alone() {
        election().following = false;
        election().timer = now_ + down_interval(election().active_adver_interval);
    }

    void hear_as_active(const AdvertisementReceived& heard) {  // §6.4.3
        if (election().leaving) {
            if (heard.priority != 0) yield_to_successor(heard);
        } else if (heard.priority == 0) {
            step_.actions.advertise = true;
            election().timer = next_advertisement(now_, parameters_.advertise_interval);
        } else if (is_better(heard)) {
            become_backup(Cause::HigherPriority);
            follow(heard);
        } else {
            step_.actions.advertise = true;  // assert ourselves at once; Adver_Timer goes on
            // Hosts may have learned the other's MAC, where it has one of its own.
            step_.actions.announce_addresses = true;
        }
    }

    /// Whoever that is.
    void yield_to_successor(const AdvertisementReceived& heard) {
        if (!election().drains) return become_initialize(election().cause);
        become_backup(Cause::Drained);
        hear_as_backup(heard);
    }

    void follow(const AdvertisementReceived& heard) {
        const Duration interval = learned_interval(heard.interval, parameters_.advertise_interval);
        election().active_adver_interval = interval;
        if (parameters_.also_version_2) note_version(heard);
        election().timer = std::min(now_ + down_interval(interval), election().preempts_at);
        election().following = step_.followed = true;
        if (election().sending == Sending::Trying) election().sending = Sending::Fails;  // no longer wanted
        election().dismissed = false;
    }

    void note_version(const AdvertisementReceived& heard) {
        election().follows_version_2 = heard.version == Version::V2;
        election().version_3_from.reset();
        if (heard.version == Version::V2) return;
        election().version_3_from = heard.source;
        election().version_3_at = now_;
    }

    bool is_better(const AdvertisementReceived& heard) const {
        const std::uint8_t own = parameters_.priority.value();
        return heard.priority > own || (heard.priority == own && heard.source > parameters_.primary_address);
    }

    /// The owner of the addresses takes them back whatever Preempt_Mode says (§6.1).
    bool preempts() const { return parameters_.preempt || parameters_.priority.is_owner(); }

    void handle(const ActiveHeard& heard) {
        if (!election().following) return;
        if (election().version_3_from) election().version_3_at = std::max(election().version_3_at, heard.at);
        const TimePoint patience = heard.at + down_interval(election().active_adver_interval);
        election().timer = std::min(std::max(election().timer, patience), election().preempts_at);
    }

    void handle(const AdvertisementSent& sent) {
        const TimePoint lease = sent.at + longest_lease(parameters_.advertise_interval);
        const bool tried = election().sending == Sending::Trying;
        if (tried && election().state == State::Backup && now_ < lease) become_heard();
        if (!is_staying_active(election())) {
            election().sending = Sending::Works;
            return;
        }
        election().lease = std::max(election().lease, lease);
        // Firm until the next advertisement is due. The first one of a takeover does not make it so: that may
        // be lost before an Active Router that is taken over from, and goes on.
        if (std::exchange(election().sending, Sending::Works) != Sending::Pending)
            election().firm = sent.at + parameters_.advertise_interval;
    }

    /// Active, with an advertisement that others have heard already.
    void become_heard() {
        become_active(Cause::ActiveDownTimer);
        step_.actions.advertise = false;
    }

    void handle(const AdvertisementFailed&) {
        const bool takes_over = is_unknown();
        election().sending = Sending::Fails;
        // Of a later one the lease runs out by itself, unless the next one leaves.
        if (!takes_over || !is_staying_active(election())) return;
        become_backup(Cause::SendingFailed);
        // Its patience is over already: a queue that was full for a moment must not cost it another one.
        election().timer = now_ + parameters_.advertise_interval;
    }

    void handle(const LeaseTaken&) {
        if (election().state == State::Active) lose(Cause::Fenced);
    }

    void handle(const ParametersChanged& changed) {
        if (election().leaving) return;
        if (election().state == State::Active) {
            const Duration interval = parameters_.advertise_interval;
            step_.actions.advertise = true;
            election().timer = next_advertisement(now_, interval);
            // Other routers may learn a shorter interval, and with it less patience, from that advertisement.
            election().lease = std::min(election().lease, now_ + longest_lease(interval));
        } else if (was_ == State::Backup) {
            // What was followed may be worse now. It is judged when it is heard again, before the timer.
            election().following = false;
            const Duration interval = election().active_adver_interval;
            const Duration patience = active_down_interval(version_of(changed.before.version, election()),
                                                           changed.before.priority, interval);
            if (!parameters_.also_version_2) election().follows_version_2 = false;
            if (std::exchange(election().preempts_at, kNever) != kNever)
                election().timer = now_ + down_interval(interval);
            else
                election().timer += down_interval(interval) - patience;
        }
    }

    void handle(const Drain& drain) {
        if (election().state == State::Backup) return wait_while_drained(drain.before);
        if (!is_staying_active(election())) return;
        if (is_unknown()) return become_backup(Cause::Drained);
        step_.actions.say_farewell = true;
        election().leaving = election().drains = true;
        election().cause = Cause::Drained;
        election().firm = now_;  // the successor's first word is enough
        // No Skew_Time is longer than the interval (§6.1): after two of them, nobody is going to take over.
        // Others wait for longer if the farewell is lost, and its lease lasts for as long as they do.
        election().timer = std::min(election().lease, now_ + 2 * parameters_.advertise_interval);
    }

    /// One that was about to preempt leaves the Active Router alone now, and waits as if it had heard it now:
    /// it has, and ignored it. Behind a farewell there is none.
    void wait_while_drained(const Parameters& before) {
        const bool is_dismissed = election().dismissed;
        handle(ParametersChanged{before});
        if (is_dismissed) return;
        election().timer = std::max(election().timer, now_ + down_interval(election().active_adver_interval));
    }

    void handle(const GroupTookOver&) {
        if (election().state == State::Backup) take_over(Cause::GroupActive);
    }

    void handle(const GroupYielded&) {
        if (!is_staying_active(election())) return;
        become_backup(Cause::GroupBackup);
        step_.actions.say_farewell = true;  // so that the better router need not wait
    }

    void handle(const GroupWaits& waits) {
        if (election().state == State::Backup) election().timer = waits.until;
    }

    const Parameters& parameters_;
    Step step_;
    TimePoint now_;
    State was_;
};

}  // namespace

Step step(const Parameters& parameters, const Election& election, const Event& event, TimePoint now) {
    return Machine(parameters, election, now).run(event);
}

}  // namespace vrrp_xdp::protocol

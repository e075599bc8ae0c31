// SPDX-License-Identifier: BSD-2-Clause
#include "properties.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <sstream>

#include "protocol/text.hpp"
#include "protocol/timers.hpp"
#include "status/cause.hpp"

namespace vrrp_xdp::sim {

using namespace protocol;

namespace {

std::string milliseconds(Duration duration) {
    std::ostringstream text;
    text << std::chrono::duration<double, std::milli>(duration).count() << " ms";
    return text.str();
}

std::string since_start(const World& world) {
    return milliseconds(world.now() - TimePoint(std::chrono::hours(1)));
}

bool became_active(const Router& before, const Step& step) {
    const bool went_on = before.election.drains && !step.election.leaving;
    return (before.election.state != State::Active || went_on) && step.election.state == State::Active;
}

/// Whether router may take over though it hears other.
bool preempts(const Router& router, const Router& other) {
    const Parameters& own = router.parameters;
    // Who goes on with its own lease takes it from nobody; the other preempted meanwhile.
    if (router.election.cause == Cause::Adopted) return true;
    if (own.priority.is_owner() && router.election.cause == Cause::Startup) return true;
    return own.priority > other.parameters.priority && (own.preempt || own.priority.is_owner());
}

}  // namespace

void Property::violated(const World& world, const std::string& what) {
    if (!violation_) violation_ = "at " + since_start(world) + ": " + what;
}

void Conduct::stepped(const World& world, std::size_t router, const Router& before, const Event&,
                      const Step& step) {
    const std::string name = "router " + std::to_string(router);
    const bool says_something = step.actions != Actions{};
    const bool was_active = before.election.state == State::Active && world.now() < before.lease;
    const bool tries = step.election.sending == Sending::Trying;
    if (says_something && !was_active && !tries && !became_active(before, step))
        violated(world, name + " speaks without a lease");
    const bool fenced = before.election.state == State::Active && !was_active;
    if (step.discard && (says_something || (step.election != before.election && !fenced)))
        violated(world, name + " lets a discarded advertisement change it");
    if ((step.election.state == State::Active) != (world.now() < step.election.lease))
        violated(world, name + " is Active without a lease, or has one without being Active");
}

void Departure::stepped(const World& world, std::size_t router, const Router& before, const Event& event,
                        const Step& step) {
    const std::string name = "router " + std::to_string(router);
    // What it tried as a Backup Router stands for its lease as well, and so does what was said before a
    // crash.
    if (became_active(before, step))
        spoke_[router] =
            std::holds_alternative<AdvertisementSent>(event) || step.election.cause == Cause::Adopted;
    if (!before.election.leaving) return begun(world, router, before, step);
    if (before.election.drains) return drains(world, router, before, event, step);
    if (step.actions != Actions{}) violated(world, name + " speaks after its farewell");
    const auto* heard = std::get_if<AdvertisementReceived>(&event);
    const bool is_succeeded = heard != nullptr && heard->priority != 0 && !step.discard;
    const bool is_over = world.now() >= before.lease;
    const bool is_ended = std::holds_alternative<Shutdown>(event);
    if (step.election.leaving && step.election.lease != before.lease)
        violated(world, name + " changes its last lease");
    if (step.election.leaving == (is_succeeded || is_over || is_ended))
        violated(world, name + (step.election.leaving ? " stays too long" : " leaves too early"));
    if (!step.election.leaving && step.election.state != State::Initialize)
        violated(world, name + " is there again after it has left");
    if (is_over)
        ++lonely_;
    else if (is_succeeded)
        ++successors_;
}

void Departure::drains(const World& world, std::size_t router, const Router& before, const Event& event,
                       const Step& step) {
    const std::string name = "router " + std::to_string(router);
    const auto* heard = std::get_if<AdvertisementReceived>(&event);
    const bool is_succeeded = heard != nullptr && heard->priority != 0 && !step.discard;
    const bool is_over = world.now() >= before.lease;
    const bool may_go_on =
        std::holds_alternative<TimerExpired>(event) && world.now() >= before.election.timer && !is_over;
    if (std::holds_alternative<Shutdown>(event)) return;
    if (step.election.leaving) {
        if (step.actions != Actions{}) violated(world, name + " speaks after its farewell");
        if (step.election.lease > before.lease) violated(world, name + " extends its last lease");
        if (is_succeeded || is_over || may_go_on) violated(world, name + " is still leaving");
    } else if (step.election.state == State::Active) {
        if (!may_go_on) violated(world, name + " goes on too early");
        ++went_on_;
    } else if (step.election.state == State::Backup) {
        const bool is_lost = std::holds_alternative<LeaseTaken>(event);
        if (!is_succeeded && !is_over && !is_lost && !may_go_on)
            violated(world, name + " stops to serve before anybody else does");
        if (is_succeeded) ++drained_;
    } else {
        violated(world, name + " is gone, though it is drained");
    }
}

void Departure::transmitted(const World&, std::size_t router, std::uint8_t priority, bool left) {
    if (priority != 0 && left) spoke_[router] = true;
}

void Departure::begun(const World& world, std::size_t router, const Router& before, const Step& step) {
    const std::string name = "router " + std::to_string(router);
    const bool has_ended = before.election.state == State::Active && step.election.state == State::Initialize;
    if (has_ended && !spoke_[router]) {
        ++unknown_;
        if (step.actions != Actions{}) violated(world, name + " speaks though nobody knows of it");
    }
    if (!step.election.leaving) return;
    if (!spoke_[router]) violated(world, name + " serves as it leaves, and no advertisement stands for it");
    if (!step.actions.say_farewell) violated(world, name + " leaves silently");
    const Duration interval = before.parameters.advertise_interval;
    const TimePoint longest = step.election.drains ? kNever : world.now() + interval;
    if (step.election.lease != std::min(before.lease, longest))
        violated(world, name + " leaves for another time than an interval");
}

Exclusion::Exclusion(std::size_t routers, Duration max_delay, Duration interval)
    : max_delay_(max_delay), interval_(interval), records_(routers) {}

bool Exclusion::is_well(const World& world, std::size_t router) const {
    const Router& self = world.routers()[router];
    return !self.orphaned && !self.stalled && !records_[router].send_failing;
}

void Exclusion::advanced(const World& world) {
    for (auto pair = open_.begin(); pair != open_.end();) {
        const auto [one, other] = pair->first;
        const TimePoint end = std::min(world.routers()[one].lease, world.routers()[other].lease);
        if (end > world.now()) {
            ++pair;
            continue;
        }
        close(world, pair->first, pair->second, end);
        pair = open_.erase(pair);
    }
    update(world);
}

void Exclusion::delivered(const World& world, std::size_t) { update(world); }

void Exclusion::stepped(const World& world, std::size_t router, const Router& before, const Event& event,
                        const Step& step) {
    if (became_active(before, step)) {
        Record& record = records_[router];
        record.well_since = world.now();
        // Its first advertisement had failed: the takeover was due before, and the owner's at its start.
        const bool is_late = std::holds_alternative<AdvertisementSent>(event);
        if (!is_late || !world.routers()[router].parameters.priority.is_owner())
            check_takeover(world, router);
        close_all(world, router);
        // Who adopted a lease was heard before, and is still believed in unless it has sent a farewell.
        if (step.election.cause != Cause::Adopted || record.leaves) record.first_left.reset();
        if (const auto* sent = std::get_if<AdvertisementSent>(&event)) record.first_left = sent->at;
        record.leaves = false;
        record.send_failing = false;
    }
    update(world);
}

void Exclusion::transmitted(const World& world, std::size_t router, std::uint8_t priority, bool left) {
    Record& record = records_[router];
    if (left && !record.first_left) record.first_left = world.now();
    if (left && priority == 0) {
        record.farewell = world.now();
        record.leaves = true;
        record.before_farewell = world.now() - *record.first_left;
    }
    if (left && record.send_failing) record.well_since = world.now();
    record.send_failing = !left;
    update(world);
}

void Exclusion::resumed(const World& world, std::size_t router) { records_[router].well_since = world.now(); }

bool Exclusion::farewell_crossed(const World& world, std::size_t router, TimePoint first_left) const {
    const Parameters& own = world.routers()[router].parameters;
    // The farewell's way, Skew_Time, and the latency of a timer.
    const Duration effect = skew_time(own.version, own.priority, own.advertise_interval) + 2 * max_delay_;
    return std::any_of(records_.begin(), records_.end(), [&](const Record& record) {
        if (!record.farewell || *record.farewell + effect < world.now()) return false;
        return record.before_farewell <= 2 * max_delay_ ||
               std::chrono::abs(*record.farewell - first_left) <= max_delay_;
    });
}

void Exclusion::check_takeover(const World& world, std::size_t router) {
    for (std::size_t other = 0; other < records_.size(); ++other) {
        if (other == router || !world.answers(other) || records_[other].leaves) continue;
        // What one says that has come back may be under way.
        if (is_well(world, other) && records_[other].well_since + max_delay_ >= world.now()) continue;
        // Of one that does not move the firm part alone holds against a successor.
        const bool is_soft = world.port(other).firm() <= world.now();
        if (is_soft && !is_well(world, other)) continue;
        if (world.routers()[other].link != world.routers()[router].link) continue;
        const auto& first = records_[other].first_left;
        const bool could_know =
            first && *first + max_delay_ < world.now() && !farewell_crossed(world, router, *first);
        if (could_know && !preempts(world.routers()[router], world.routers()[other]))
            violated(world, "router " + std::to_string(router) + " takes over from router " +
                                std::to_string(other) + ", whose lease still runs for " +
                                milliseconds(world.routers()[other].lease - world.now()));
    }
}

void Exclusion::close(const World& world, std::pair<std::size_t, std::size_t> pair, TimePoint started,
                      TimePoint ended) {
    ++overlaps_;
    const auto [one, other] = pair;
    const std::string who = "routers " + std::to_string(one) + " and " + std::to_string(other);
    const std::string how_long = " share the lease for " + milliseconds(ended - started);
    const bool both_spoke = records_[one].first_left && records_[other].first_left;
    const Duration longest = both_spoke ? 2 * (interval_ + max_delay_) : interval_;
    if (ended - started > longest) violated(world, who + how_long);
    if (!is_well(world, one) || !is_well(world, other)) return;
    const TimePoint both_well = std::max({started, records_[one].well_since, records_[other].well_since});
    if (ended > both_well + 2 * max_delay_)
        violated(world, who + how_long + ", both being well for " + milliseconds(ended - both_well));
}

// Of what is over only that which check_takeover() still asks for.
void Exclusion::add_to(Digest& digest, const World& world) const {
    const TimePoint unknown_since = world.now() - max_delay_ - Duration(1);
    const TimePoint long_ago = world.now() - 2 * interval_;
    for (std::size_t router = 0; router < records_.size(); ++router) {
        const Record& record = records_[router];
        if (world.holds_lease(router)) {
            digest.add((record.first_left ? 1U : 0U) | (record.leaves ? 2U : 0U) |
                       (record.send_failing ? 4U : 0U));
            if (record.first_left) digest.add_since(*record.first_left, unknown_since);
        }
        if (!record.farewell || *record.farewell < long_ago) continue;
        const bool cut_short = record.before_farewell <= 2 * max_delay_;
        bool matters = cut_short || *record.farewell > unknown_since;
        for (const Record& other : records_) {
            const bool crossed =
                other.first_left && std::chrono::abs(*record.farewell - *other.first_left) <= max_delay_;
            matters |= crossed;
        }
        if (!matters) continue;
        for (const Record& other : records_)
            digest.add(other.first_left &&
                       std::chrono::abs(*record.farewell - *other.first_left) <= max_delay_);
        digest.add(cut_short);
        digest.add_time(*record.farewell);
    }
    for (const auto& [pair, started] : open_) {
        digest.add(pair.first);
        digest.add(pair.second);
        digest.add_time(started);
        digest.add_time(
            std::max({started, records_[pair.first].well_since, records_[pair.second].well_since}));
    }
}

void Exclusion::close_all(const World& world, std::size_t router) {
    std::erase_if(open_, [&](const auto& entry) {
        const auto& [pair, started] = entry;
        if (pair.first != router && pair.second != router) return false;
        close(world, pair, started, world.now());
        return true;
    });
}

void Exclusion::update(const World& world) {
    for (std::size_t one = 0; one < records_.size(); ++one) {
        for (std::size_t other = one + 1; other < records_.size(); ++other) {
            const std::pair pair{one, other};
            const bool shared = world.answers(one) && world.answers(other) &&
                                world.routers()[one].link == world.routers()[other].link;
            const auto since = open_.find(pair);
            if (shared && since == open_.end()) {
                open_.emplace(pair, world.now());
            } else if (!shared && since != open_.end()) {
                close(world, pair, since->second, world.now());
                open_.erase(since);
            }
        }
    }
}

void Standing::stepped(const World& world, std::size_t router, const Router& before, const Event&,
                       const Step& step) {
    const Duration interval = before.parameters.advertise_interval;
    if (became_active(before, step) && step.election.cause != Cause::Adopted)
        latest_[router] = std::max(latest_[router], world.now() + interval);
}

void Standing::transmitted(const World& world, std::size_t router, std::uint8_t priority, bool left) {
    const Duration interval = world.routers()[router].parameters.advertise_interval;
    if (left)
        latest_[router] =
            std::max(latest_[router], world.now() + (priority != 0 ? longest_lease(interval) : interval));
}

void Standing::advanced(const World& world) {
    for (std::size_t router = 0; router < latest_.size(); ++router)
        if (world.holds_lease(router) && world.routers()[router].lease > latest_[router])
            violated(world, "the lease of router " + std::to_string(router) + " is too long by " +
                                milliseconds(world.routers()[router].lease - latest_[router]));
}

void Standing::add_to(Digest& digest, const World& world) const {
    for (std::size_t router = 0; router < latest_.size(); ++router)
        digest.add_future(world.holds_lease(router) ? latest_[router] : TimePoint{});
}

void Audible::stepped(const World&, std::size_t router, const Router& before, const Event& event,
                      const Step& step) {
    silent_.resize(std::max(silent_.size(), router + 1));
    const bool was_heard =
        step.election.cause == Cause::Adopted || std::holds_alternative<AdvertisementSent>(event);
    if (became_active(before, step)) silent_[router] = !was_heard;
}

void Audible::transmitted(const World&, std::size_t router, std::uint8_t, bool left) {
    if (left && router < silent_.size()) silent_[router] = false;
    refused_ += left ? 0 : 1;
}

void Audible::advanced(const World& world) {
    for (std::size_t router = 0; router < silent_.size(); ++router)
        if (silent_[router] && world.is_active(router))
            violated(world,
                     "router " + std::to_string(router) + " takes over though nothing that it says leaves");
}

void Answering::advanced(const World& world) {
    for (std::size_t router = 0; router < world.routers().size(); ++router) {
        const Router& self = world.routers()[router];
        const bool leaves = self.election.leaving;  // its successor ends its answers
        const bool can_send = !self.muted && self.election.sending == Sending::Works;
        if (world.is_active(router) && !leaves && !self.stalled && can_send && !world.answers(router))
            violated(world, "router " + std::to_string(router) + " is Active and does not answer");
    }
}

void Served::advanced(const World& world) {
    for (std::size_t router = 0; router < world.routers().size(); ++router)
        if (world.answers(router)) {
            begun_ = true;
            return;
        }
    if (begun_) violated(world, "nobody answers");
}

void Settled::advanced(const World& world) {
    if (world.now() < from_) return;
    for (std::size_t router = 0; router < world.routers().size(); ++router) {
        if (!world.holds_lease(router)) continue;
        if (!world.is_active(router)) return violated(world, "a lease without an Active Router");
        if (!active_) active_ = router;
        if (active_ != router)
            return violated(world, "routers " + std::to_string(*active_) + " and " + std::to_string(router) +
                                       " are Active though the network has healed");
    }
    if (!active_ || !world.holds_lease(*active_))
        violated(world, "nobody is Active though the network has healed");
}

void Tally::stepped(const World& world, std::size_t router, const Router& before, const Event&,
                    const Step& step) {
    // What is adopted of a lease may be too little for an advertisement to leave: nobody is late then.
    const bool is_rest =
        before.election.cause == Cause::Adopted && step.election.cause == Cause::LeaseExpired;
    if (step.election.state != before.election.state && !is_rest) ++causes[step.election.cause];
    if (step.discard) ++discards[*step.discard];
    for (const auto word :
         {static_cast<std::uint64_t>(world.now().time_since_epoch().count()),
          static_cast<std::uint64_t>(router), static_cast<std::uint64_t>(step.election.state)})
        fingerprint_ = (fingerprint_ ^ word) * 1099511628211ULL;
}

void Trace::stepped(const World& world, std::size_t router, const Router& before, const Event& event,
                    const Step& step) {
    static constexpr std::array names{"Startup",       "Adopted",      "Shutdown",          "Leave",
                                      "TimerExpired",  "Received",     "ActiveHeard",       "Sent",
                                      "Failed",        "LeaseTaken",   "ParametersChanged", "Drain",
                                      "GroupTookOver", "GroupYielded", "GroupWaits"};
    static_assert(names.size() == std::variant_size_v<Event>);
    const auto until = [&](TimePoint time) {
        return time == kNever ? std::string("never") : milliseconds(time - world.now());
    };
    std::cout << since_start(world) << " router " << router << ": " << names[event.index()];
    if (const auto* heard = std::get_if<AdvertisementReceived>(&event))
        std::cout << " priority " << int{heard->priority} << (step.discard ? ", discarded" : "");
    std::cout << ", " << to_string(before.election.state) << " -> " << to_string(step.election.state) << " ("
              << status::name_of(step.election.cause) << "), timer in " << until(step.election.timer)
              << ", lease for " << until(world.routers()[router].lease) << '\n';
}

void Trace::transmitted(const World& world, std::size_t router, std::uint8_t priority, bool left) {
    std::cout << since_start(world) << " router " << router << " says " << int{priority}
              << (left ? "\n" : ", which does not leave\n");
}

}  // namespace vrrp_xdp::sim

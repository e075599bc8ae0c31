// SPDX-License-Identifier: BSD-2-Clause
#include "status/advice.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "protocol/text.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::status {
namespace {

using namespace std::chrono_literals;
using protocol::Duration;
using Verdict = IntervalAdvice::Verdict;

/// What a day has not shown may still come: backups, and people at work, have their hours.
constexpr Duration kEnough = 24h;

constexpr std::array<Duration, 7> kIntervals{10ms, 20ms, 50ms, 100ms, 200ms, 500ms, 1s};

std::string text(Duration duration) { return fmt::format("{:.4g} ms", protocol::milliseconds(duration)); }

std::string long_text(Duration duration) {
    const double hours = protocol::milliseconds(duration) / 3'600'000;
    if (hours >= 48) return fmt::format("{:.3g} days", hours / 24);
    return hours >= 1 ? fmt::format("{:.3g} hours", hours) : fmt::format("{:.0f} minutes", hours * 60);
}

Advice none(std::string why) { return {.summary = std::move(why), .intervals = {}}; }

}  // namespace

Verdict IntervalAdvice::verdict() const {
    if (largest_gap >= active_down_interval) return Verdict::FalseTakeover;
    return 3 * largest_gap > 2 * active_down_interval ? Verdict::NearFailover : Verdict::Borne;
}

Advice advise(const VirtualRouter& router) {
    if (!router.running) return none("nobody runs it: attach, and ask again after a day");
    const RunningRouter& running = *router.running;
    if (!router.gaps)
        return none("it has followed no other router since its port was attached: ask at a Backup Router");
    if (running.version == protocol::Version::V2)
        return none("version 2 has no intervals below a second: version 3 has");
    const auto priority = protocol::Priority::from(running.effective_priority);
    if (!running.active_down_interval || !running.skew_time || !priority || running.is_owner)
        return none("it is in Initialize, or owns its addresses, and waits for nobody");

    const Gaps& gaps = *router.gaps;
    const Duration patience = *running.active_down_interval;
    const Duration interval = (patience - *running.skew_time) / 3;
    // Another interval may have been configured when the largest gap ended.
    const auto then = static_cast<double>(gaps.largest_of.count()) / static_cast<double>(patience.count());
    const auto interval_then = std::chrono::duration_cast<Duration>(interval * then);
    const Duration delay = std::max(Duration{}, gaps.largest - interval_then);
    std::string seen = fmt::format(
        "in {} the largest of {} gaps was {} of {}, which is {} more than an interval",
        long_text(gaps.observed), gaps.count, text(gaps.largest), text(gaps.largest_of), text(delay));
    if (gaps.observed < kEnough)
        return none(fmt::format("too little evidence: {}. Ask again when it is a day", seen));

    Advice advice{.summary = std::move(seen), .intervals = {}};
    for (const Duration each : kIntervals) {
        const Duration waits = protocol::active_down_interval(running.version, *priority, each);
        advice.intervals.push_back({each, each + delay, waits, patience - waits});
        if (!advice.recommended && advice.intervals.back().verdict() == Verdict::Borne)
            advice.recommended = each;
    }
    return advice;
}

std::string advice_text(const std::string& subject, const Advice& advice) {
    std::string text_ = subject + ": " + advice.summary + ".\n";
    for (const IntervalAdvice& each : advice.intervals) {
        const char* verdict = "no false takeover";
        if (each.verdict() == Verdict::NearFailover) verdict = "a near failover";
        if (each.verdict() == Verdict::FalseTakeover) verdict = "a false takeover";
        text_ += fmt::format("  {:>7}: {}, the largest gap {} of {}; a takeover {} {}\n", text(each.interval),
                             verdict, text(each.largest_gap), text(each.active_down_interval),
                             text(each.saved < Duration{} ? -each.saved : each.saved),
                             each.saved < Duration{} ? "later than now" : "sooner than now");
    }
    if (advice.intervals.empty()) return text_;
    if (advice.recommended)
        return text_ +
               fmt::format(
                   "  advertise-interval: {} is the shortest that would have borne it with a third to "
                   "spare; set it on all routers.\n",
                   protocol::to_string(*advice.recommended));
    return text_ + "  No interval up to a second would have borne it: look for what delays advertisements.\n";
}

}  // namespace vrrp_xdp::status

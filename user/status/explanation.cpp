// SPDX-License-Identifier: BSD-2-Clause
#include "status/explanation.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "protocol/text.hpp"
#include "status/text.hpp"

namespace vrrp_xdp::status {
namespace {

using protocol::Duration;
using protocol::State;

std::string text(Duration duration) { return fmt::format("{:.4g} ms", protocol::milliseconds(duration)); }

std::string name_of(const Interface& interface, const VirtualRouter& router) {
    const std::string vlan = router.vlan.empty() ? "" : " vlan " + router.vlan;
    return fmt::format("{}{} vrid {} {}", interface.name, vlan, router.vrid, to_string(router.family));
}

std::string state_sentence(const std::string& name, const RunningRouter& router) {
    const bool started_as_owner = router.cause == protocol::Cause::Startup && router.is_owner;
    const std::string state = router.since.empty()
                                  ? "is " + to_string(router.state)
                                  : "has been " + to_string(router.state) + " since " + router.since;
    return fmt::format("{} {}, because {}{}", name, state, text_of(router.cause).because,
                       started_as_owner ? ", and owns the addresses" : "");
}

std::string effect_of(const Tracker& tracker) {
    if (std::holds_alternative<Tracker::Fault>(tracker.effect)) return "fault";
    if (const auto* weight = std::get_if<Tracker::Weight>(&tracker.effect))
        return std::to_string(weight->added);
    return "value";
}

std::string_view state_of(const Tracker& tracker) {
    switch (tracker.state) {
        case Tracker::State::Unknown:
            break;
        case Tracker::State::Up:
            return "up";
        case Tracker::State::Down:
            return "down";
    }
    return "unknown";
}

std::string own_priority(const RunningRouter& router) {
    std::string own = fmt::format("Its own priority is {}", router.effective_priority);
    if (router.drained)
        own += fmt::format(" while it is drained (configured: {})", router.priority);
    else if (router.effective_priority != router.priority)
        own += fmt::format(" (configured: {})", router.priority);
    if (router.is_owner && !router.drained) own += " as the owner of the addresses";
    if (router.primary_address) own += ", its address " + router.primary_address->to_string();
    return own + ".";
}

/// "The largest gap in the last 52 min was 214 ms of 361 ms", and how often it was close.
std::string gaps_sentence(const Gaps& gaps, const RunningRouter& router) {
    const double lately = protocol::milliseconds(gaps.lately) / 60'000;
    std::string sentence =
        lately >= 1
            ? fmt::format("The largest gap between advertisements in the last {:.0f} min was {} of {}",
                          lately, text(gaps.largest_lately),
                          text(router.active_down_interval.value_or(gaps.largest_of)))
            : fmt::format("The largest gap between advertisements was {} of {}", text(gaps.largest),
                          text(gaps.largest_of));
    if (gaps.near_failovers == 0) return sentence + ".";
    return sentence + fmt::format("; {} of {} were above two thirds of it, the largest one {}.",
                                  gaps.near_failovers, gaps.count, text(gaps.largest));
}

std::vector<std::string> facts_of(const RunningRouter& router, std::optional<Duration> heard_ago,
                                  const std::optional<Gaps>& gaps) {
    std::vector<std::string> facts;
    if (router.drained) facts.push_back("It is drained" + drain_text(router) + ".");
    if (router.heard)
        facts.push_back(fmt::format("It heard {} with priority {}, last {} ago.",
                                    router.heard->source.to_string(), router.heard->priority,
                                    text(heard_ago.value_or(Duration{}))));
    else
        facts.emplace_back("It has heard no other router.");
    if (gaps && router.state == State::Backup) facts.push_back(gaps_sentence(*gaps, router));
    if (router.takeover_lateness)
        facts.push_back(
            fmt::format("Its last takeover was {} late: from the deadline until it had advertised.",
                        text(*router.takeover_lateness)));
    facts.push_back(own_priority(router));
    if (router.signing_peer)
        facts.push_back(
            fmt::format("{} signs its advertisements with key {}, which this router does not verify.",
                        router.signing_peer->address.to_string(), router.signing_peer->key));
    if (router.trackers)
        for (const Tracker& tracker : *router.trackers)
            facts.push_back(fmt::format("Tracker {} ({}) is {}: {}.", tracker.name, effect_of(tracker),
                                        state_of(tracker), tracker.detail));
    if (!router.sync_group.empty())
        facts.push_back("It changes state together with the sync group " + router.sync_group + ".");
    return facts;
}

std::vector<std::string> next_of_backup(const RunningRouter& router) {
    std::vector<std::string> next{fmt::format(
        "It becomes active when the Active Router is not heard for {} (Active_Down_Interval), or {} "
        "(Skew_Time) after a farewell.",
        text(router.active_down_interval.value_or(Duration{})), text(router.skew_time.value_or(Duration{})))};
    if (router.drained) next.emplace_back("While it is drained, it preempts no other router.");
    if (!router.heard || router.drained) return next;
    const bool is_better = router.effective_priority > router.heard->priority;
    if (!router.preempt)
        next.emplace_back(
            is_better
                ? "Its priority is the higher one, but preempt is false: it waits until the other is gone."
                : "preempt is false: a higher priority alone would not make it active.");
    else if (!is_better)
        next.push_back(
            fmt::format("With a priority above {} it would preempt that router.", router.heard->priority));
    else if (router.preempts_in)
        next.push_back(fmt::format("It waits for another {} (preempt-delay) and then preempts that router.",
                                   text(*router.preempts_in)));
    return next;
}

std::vector<std::string> next_of_active(const RunningRouter& router, std::optional<Duration> lease) {
    if (router.leaving && router.drained)
        return {
            "It sent a farewell, and serves its hosts until it hears the router that takes over. If "
            "none does within two intervals, it goes on as the Active Router."};
    if (router.leaving)
        return {
            fmt::format("It was asked to stop and sent a farewell. It answers until it hears another router, "
                        "for at most {}.",
                        text(lease.value_or(Duration{})))};
    std::vector<std::string> next;
    const auto own = router.effective_priority;
    if (own < protocol::Priority::owner().value())
        next.push_back(
            fmt::format("It becomes backup when a router advertises a priority above {}, or {} from an "
                        "address above its own.",
                        own, own));
    else
        next.emplace_back("No other router takes over, unless it also claims to be the owner.");
    if (lease)
        next.push_back(fmt::format("It stops answering in {} unless another advertisement is sent before.",
                                   text(*lease)));
    return next;
}

std::vector<std::string> next_of(const RunningRouter& router, std::optional<Duration> lease) {
    switch (router.state) {
        case State::Active:
            return next_of_active(router, lease);
        case State::Backup:
            return next_of_backup(router);
        case State::Initialize:
            break;
    }
    return {std::string(text_of(router.cause).remedy)};
}

/// What to do about a counter that should stay 0.
struct Advice {
    std::uint64_t RouterCounters::*counter;
    std::string_view what;
};

/// What was counted and never should be.
std::vector<std::string> warnings_of(const RouterCounters& counters) {
    static constexpr std::array kAdvice{
        Advice{&RouterCounters::ip_ttl_errors,
               "a router sends from another subnet, or a host forges packets"},
        Advice{&RouterCounters::version_errors, "make the versions equal on all routers"},
        Advice{&RouterCounters::checksum_errors,
               "the checksum settings of the routers differ, or frames are damaged"},
        Advice{&RouterCounters::authentication_errors, "make it equal on all routers"},
        Advice{&RouterCounters::signed_errors,
               "this router does not verify signatures: turn signing off on all routers, or set "
               "signed-advertisements: follow"},
        Advice{&RouterCounters::trailing_bytes, "look for what that router appends: it is not verified"},
        Advice{&RouterCounters::source_address_errors, "a host has a wrong address, or forges packets"},
        Advice{&RouterCounters::interval_errors, "make the intervals equal on all routers"},
        Advice{&RouterCounters::address_list_errors, "make the virtual addresses equal on all routers"},
        Advice{&RouterCounters::events_lost, "the host was too busy to process bursts of advertisements"},
        Advice{&RouterCounters::arp_claims, "find that host and give it another address"},
        Advice{&RouterCounters::nd_claims, "find that host and give it another address"},
        Advice{&RouterCounters::own_advertisements_rcvd, "look for the loop"},
        Advice{
            &RouterCounters::unicast_peer_errors,
            "list the address that the other router sends from, or give it that one with its source-address"},
        Advice{&RouterCounters::invalid_type_pkts_rcvd, ""},
        Advice{&RouterCounters::packet_length_errors, ""},
        Advice{&RouterCounters::address_count_errors, ""},
        Advice{&RouterCounters::first_address_errors, ""},
        Advice{&RouterCounters::zero_interval_errors, ""},
    };
    std::vector<std::string> warnings;
    for (const auto& counter : router_counters()) {
        const auto found = std::find_if(kAdvice.begin(), kAdvice.end(),
                                        [&](const Advice& each) { return each.counter == counter.value; });
        const std::uint64_t count = counters.*counter.value;
        if (found == kAdvice.end() || count == 0) continue;
        warnings.push_back(fmt::format("{} {}: {}{}{}", count, counter.name, counter.help,
                                       found->what.empty() ? "" : "; ", found->what));
    }
    return warnings;
}

Explanation explain_dead(const Interface& interface, const VirtualRouter& router) {
    Explanation explanation;
    explanation.state = fmt::format("no instance serves {}: the instance on {} is dead",
                                    name_of(interface, router), interface.name);
    if (router.lease_remaining && *router.lease_remaining > Duration{})
        explanation.facts.push_back("The data plane still answers for " + text(*router.lease_remaining) +
                                    ", or until another router takes over.");
    else if (!router.lease_end.empty())
        explanation.facts.push_back("It was active; the data plane stopped answering at " + router.lease_end +
                                    ".");
    else
        explanation.facts.emplace_back("It was not active.");
    if (router.heard_ago)
        explanation.facts.push_back("The Active Router was heard " + text(*router.heard_ago) + " ago.");
    explanation.next.push_back("Attach again, or remove what is left with 'vrrp-xdp detach " +
                               interface.name + "'.");
    return explanation;
}

Explanation explain_running(const Interface& interface, const VirtualRouter& router) {
    Explanation explanation;
    explanation.state = state_sentence(name_of(interface, router), *router.running);
    explanation.facts = facts_of(*router.running, router.heard_ago, router.gaps);
    explanation.next = next_of(*router.running, router.lease_remaining);
    if (!interface.running) return explanation;
    const RunningInterface& running = *interface.running;
    if (!running.waiting.empty())
        explanation.facts.insert(explanation.facts.begin(), "It waits: " + running.waiting + ".");
    if (running.reconciler)
        for (const ReconcilerItem& item : *running.reconciler)
            if (!item.differs.empty()) explanation.warnings.push_back(interface.name + " " + item.differs);
    if (running.sending_fails)
        explanation.warnings.push_back("sending fails on " + interface.name +
                                       ": leases expire; see the log for the reason");
    return explanation;
}

}  // namespace

Explanation explain(const Interface& interface, const VirtualRouter& router) {
    Explanation explanation =
        router.running ? explain_running(interface, router) : explain_dead(interface, router);
    for (std::string& warning : warnings_of(router.counters))
        explanation.warnings.push_back(std::move(warning));
    return explanation;
}

}  // namespace vrrp_xdp::status

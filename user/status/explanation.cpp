// SPDX-License-Identifier: BSD-2-Clause
#include "status/explanation.hpp"

#include <spdlog/fmt/fmt.h>

#include <map>
#include <string_view>

#include "status/counters.hpp"

namespace vrrp_xdp::status {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* key) { return object[key].get<std::string>(); }

std::string milliseconds(double value) { return fmt::format("{:.4g} ms", value); }

std::string name_of(const json& interface, const json& router) {
    const std::string vlan = router.contains("vlan") ? " vlan " + text(router, "vlan") : "";
    return fmt::format("{}{} vrid {} {}", text(interface, "interface"), vlan, router["vrid"].get<int>(),
                       text(router, "address-family"));
}

/// The names are those of to_string(protocol::Cause).
std::string cause_of(const json& router) {
    static const std::map<std::string, std::string_view> causes{
        {"none", "it has not started"},
        {"adopted", "the instance before it was Active, and its lease still lasted"},
        {"shutdown", "it was asked to leave"},
        {"interface-up", "the interface works again"},
        {"interface-down", "the interface is down, or has lost its carrier"},
        {"no-primary-ip-address", "the interface has no address to send from"},
        {"data-plane-gone",
         "what answers for it is no longer attached to the interface, or is not run there"},
        {"master-timeout", "no Active Router was heard any more"},
        {"higher-priority-master", "a better router advertises"},
        {"lease-expired", "it woke too late or could not send, and had stopped answering"},
        {"fenced", "it woke too late, and the guardian had ended its lease"},
        {"sending-failed", "the first advertisement of its takeover did not leave"},
        {"faulted", "a tracker says that it cannot serve"},
        {"recovered", "its trackers say that it can serve again"},
        {"group-faulted", "another one of its sync group cannot serve"},
        {"group-recovered", "all of its sync group can serve again"},
        {"group-active", "it goes with its sync group, which took over"},
        {"group-backup", "it goes with its sync group, which yielded"},
    };
    const std::string event = text(router, "last-event");
    if (event == "startup")
        return router["is-owner"].get<bool>() ? "it started, and owns the addresses" : "it started";
    const auto found = causes.find(event);
    return found == causes.end() ? "of " + event : std::string(found->second);
}

std::string state_sentence(const json& interface, const json& router) {
    const std::string since = router.contains("since") ? " since " + text(router, "since") : "";
    return fmt::format("{} is {}{}, because {}", name_of(interface, router), text(router, "state"), since,
                       cause_of(router));
}

/// "fault" and "value" are words, what lowers the priority is a number.
std::string effect_of(const json& tracker) {
    const json& effect = tracker["effect"];
    return effect.is_string() ? effect.get<std::string>() : effect.dump();
}

bool has_heard(const json& router) { return router.contains("last-adv-source"); }

std::vector<std::string> facts_of(const json& router) {
    std::vector<std::string> facts;
    if (!has_heard(router))
        facts.emplace_back("It has heard no other router.");
    else
        facts.push_back(fmt::format("It heard {} with priority {}, last {} ago.",
                                    text(router, "last-adv-source"), router["last-adv-priority"].get<int>(),
                                    milliseconds(router["last-adv-ms-ago"])));
    if (router.contains("takeover-lateness-ms"))
        facts.push_back(
            fmt::format("Its last takeover was {} late: from the deadline until it had advertised.",
                        milliseconds(router["takeover-lateness-ms"])));
    const int configured = router["priority"];
    const int effective = router.value("effective-priority", configured);
    std::string own = fmt::format("Its own priority is {}", effective);
    if (effective != configured)
        own += fmt::format(": conditions have made that of the configured {}", configured);
    if (router["is-owner"].get<bool>()) own += ", that of the owner of the addresses";
    if (router.contains("primary-address")) own += ", its address " + text(router, "primary-address");
    facts.push_back(own + ".");
    if (router.contains("signing-peer")) {
        const json& peer = router["signing-peer"];
        facts.push_back(fmt::format("{} signs its advertisements, key {}; this router does not verify them.",
                                    text(peer, "address"), peer["key"].get<int>()));
    }
    for (const json& tracker : router.value("trackers", json::array()))
        facts.push_back(fmt::format("Tracker {} ({}) is {}: {}.", text(tracker, "name"), effect_of(tracker),
                                    text(tracker, "state"), text(tracker, "detail")));
    if (router.contains("sync-group"))
        facts.push_back("It moves together with all of the sync group " + text(router, "sync-group") + ".");
    return facts;
}

std::vector<std::string> next_of_backup(const json& router) {
    std::vector<std::string> next{fmt::format(
        "It becomes active when the Active Router is not heard for {} (Active_Down_Interval), or {} "
        "(Skew_Time) after that says farewell.",
        milliseconds(router["active-down-interval-ms"]), milliseconds(router["skew-time-ms"]))};
    if (!has_heard(router)) return next;
    const int own = router.value("effective-priority", router["priority"].get<int>());
    const int heard = router["last-adv-priority"];
    if (!router["preempt"].get<bool>())
        next.emplace_back(
            own > heard
                ? "Its priority is the higher one, but preempt is false: it waits until the other is gone."
                : "preempt is false: a higher priority alone would not make it active.");
    else if (own <= heard)
        next.push_back(fmt::format("With a priority above {} it would preempt that router.", heard));
    else if (router.contains("preempts-in-ms"))
        next.push_back(
            fmt::format("It leaves that router alone for another {} (preempt-delay), and then preempts it.",
                        milliseconds(router["preempts-in-ms"])));
    return next;
}

std::vector<std::string> next_of_active(const json& router) {
    const int own = router.value("effective-priority", router["priority"].get<int>());
    if (router.value("leaving", false))
        return {
            fmt::format("It was asked to leave and has said farewell. It answers until it hears another "
                        "router, for {} at most.",
                        milliseconds(router["lease-remaining-ms"]))};
    std::vector<std::string> next;
    if (own < 255)
        next.push_back(
            fmt::format("It becomes backup when a router advertises a priority above {}, or {} from an "
                        "address above its own.",
                        own, own));
    else
        next.emplace_back("No other router takes that from it, unless it claims to be the owner too.");
    if (router.contains("lease-remaining-ms"))
        next.push_back(fmt::format("It stops answering in {} unless another advertisement leaves before.",
                                   milliseconds(router["lease-remaining-ms"])));
    return next;
}

std::vector<std::string> next_of_initialize(const json& router) {
    static const std::map<std::string, std::string_view> remedies{
        {"interface-down", "It starts when the interface is up and has a carrier: see 'ip link'."},
        {"no-primary-ip-address",
         "It starts when the interface has an address of its family: see 'ip address'."},
        {"data-plane-gone",
         "It starts when the programs can be attached again: the log says what is in the way."},
        {"faulted", "It starts when its trackers say that it can serve."},
        {"group-faulted",
         "It starts when all of its sync group can serve: 'vrrp-xdp status' shows which cannot."},
        {"none",
         "It starts when startup-delay is over, and the interface is up with a carrier and an address of its "
         "family."},
    };
    const auto found = remedies.find(text(router, "last-event"));
    if (found != remedies.end()) return {std::string(found->second)};
    return {
        "It starts when the interface is up, with a carrier and an address of its family: see 'ip link' and "
        "'ip "
        "address'."};
}

/// What was counted and never should be.
std::vector<std::string> warnings_of_counters(const json& statistics) {
    static const std::map<std::string, std::string_view> advice{
        {"ip-ttl-errors", "somebody sends from behind a router, or forges"},
        {"version-errors", "make the versions equal on all routers"},
        {"checksum-errors", "one side covers the pseudo-header, or frames are damaged"},
        {"authentication-errors", "make it equal on all routers"},
        {"signed-errors",
         "this router verifies no signatures: let all of the group sign nothing, or set "
         "signed-advertisements: follow"},
        {"trailing-bytes", "look for what that router appends: it is not verified"},
        {"source-address-errors", "somebody forges, or has a wrong address"},
        {"interval-errors", "make the intervals equal on all routers"},
        {"address-list-errors", "make the virtual addresses equal on all routers"},
        {"events-lost", "the machine was too busy for advertisements that came in bursts"},
        {"arp-claims", "find that host and give it another address"},
        {"nd-claims", "find that host and give it another address"},
        {"own-advertisements-rcvd", "look for the loop"},
        {"unicast-peer-errors",
         "list the address that the other router sends from, or give it that one with its source-address"},
        {"invalid-type-pkts-rcvd", ""},
        {"packet-length-errors", ""},
        {"address-count-errors", ""},
        {"first-address-errors", ""},
        {"zero-interval-errors", ""},
    };
    std::vector<std::string> warnings;
    for (const auto& [name, help] : virtual_router_counters()) {
        const auto found = advice.find(name);
        const auto count = statistics.value(name, std::uint64_t{0});
        if (found == advice.end() || count == 0) continue;
        warnings.push_back(fmt::format("{} {}: {}{}{}", count, name, help, found->second.empty() ? "" : "; ",
                                       found->second));
    }
    return warnings;
}

Explanation explain_remains(const json& interface, const json& router) {
    Explanation explanation;
    const double left = router["lease-remaining-ms"];
    explanation.state = fmt::format("{} is served by nobody: the instance on {} is dead",
                                    name_of(interface, router), text(interface, "interface"));
    if (left > 0)
        explanation.facts.push_back("The data plane still answers for " + milliseconds(left) +
                                    ", then it stops.");
    else if (router.contains("lease-end"))
        explanation.facts.push_back("It was active; the data plane has stopped answering at " +
                                    text(router, "lease-end") + ".");
    else
        explanation.facts.emplace_back("It was not active.");
    if (router.contains("last-adv-ms-ago"))
        explanation.facts.push_back("The Active Router was heard " + milliseconds(router["last-adv-ms-ago"]) +
                                    " ago.");
    explanation.next.push_back("Attach again, or clear what is left with 'vrrp-xdp detach " +
                               text(interface, "interface") + "'.");
    return explanation;
}

}  // namespace

Explanation explain(const json& interface, const json& router) {
    Explanation explanation;
    if (interface["controller"] == "dead") {
        explanation = explain_remains(interface, router);
    } else {
        const std::string state = router["state"];
        explanation.state = state_sentence(interface, router);
        explanation.facts = facts_of(router);
        if (interface.contains("waiting"))
            explanation.facts.insert(explanation.facts.begin(),
                                     "It waits: " + text(interface, "waiting") + ".");
        explanation.next = state == "active"   ? next_of_active(router)
                           : state == "backup" ? next_of_backup(router)
                                               : next_of_initialize(router);
    }
    for (const json& item : interface.value("reconciler", json::array()))
        if (item.contains("differs"))
            explanation.warnings.push_back(text(interface, "interface") + " " + text(item, "differs"));
    if (interface.value("sending-fails", false))
        explanation.warnings.push_back("sending fails on " + text(interface, "interface") +
                                       ": leases run out; the log says why");
    for (std::string& warning : warnings_of_counters(router["statistics"]))
        explanation.warnings.push_back(std::move(warning));
    return explanation;
}

}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/drains.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>

#include "net/calendar_time.hpp"
#include "protocol/text.hpp"

namespace vrrp_xdp::daemon {
namespace {

using maintenance::DrainList;
using maintenance::DrainRecord;
using nlohmann::json;
using std::chrono::system_clock;

/// From one look at whether another router has taken over to the next.
constexpr std::chrono::milliseconds kPause(20);
/// Beyond two intervals: for a machine that is busy.
constexpr std::chrono::seconds kMargin(5);

std::string text_of(const DrainRecord& record) {
    return (record.until ? " until " + net::calendar_time(*record.until) : "") +
           (record.reason.empty() ? "" : ": " + record.reason);
}

struct Asked {
    maintenance::Words words{};
    DrainRecord record{};
    bool is_forced = false;
};

/// Returns what is asked for at the socket of this interface.
Result<Asked> understood(const std::string& interface, const json& arguments) try {
    Asked asked{.record = {.reason = arguments.value("reason", "")},
                .is_forced = arguments.value("force", false)};
    if (!arguments.value("whole", false)) asked.words.interface = interface;
    if (arguments.contains("vrid")) {
        asked.words.vrid = protocol::Vrid::from(arguments.at("vrid").get<std::int64_t>());
        // Without one, all of the interface would be meant.
        if (!asked.words.vrid) return failure("a VRID is a number from 1 to 255");
    }
    if (arguments.contains("until"))
        asked.record.until =
            DrainRecord::Time(std::chrono::seconds(arguments.at("until").get<std::int64_t>()));
    return asked;
} catch (const json::exception& error) {
    return failure(std::string("the request cannot be understood: ") + error.what());
}

json refusal(const Error& error) { return {{"error", error.what}, {"hint", error.hint}}; }

}  // namespace

Drains::Members Drains::members() const {
    Members all;
    for (const auto& interface : parts_.served.all())
        if (interface)
            for (const elections::VirtualRouter& each : interface->virtual_routers)
                all.push_back(
                    {interface->name, each.config.vrid, each.config.family(), each.config.sync_group});
    for (const config::Interface& interface : parts_.missing.configurations())
        for (const config::VirtualRouter& each : interface.virtual_routers)
            all.push_back({interface.name, each.vrid, each.family(), each.sync_group});
    return all;
}

Drains::Members Drains::drained_among(const Members& members) {
    Members drained;
    for (const Member& each : members)
        if (record_of(each) != nullptr) drained.push_back(each);
    return drained;
}

bool Drains::is_drained(const std::string& interface, const config::VirtualRouter& router) {
    const std::size_t known = list_.records().size();
    const bool is = record_of({interface, router.vrid, router.family(), router.sync_group}) != nullptr;
    if (list_.records().size() != known) schedule_expiry();
    return is;
}

void Drains::add_to(status::Interface& status) {
    for (status::VirtualRouter& router : status.virtual_routers) {
        if (!router.running) continue;
        status::RunningRouter& running = *router.running;
        const DrainRecord* const record =
            record_of({status.name, *protocol::Vrid::from(router.vrid), router.family, running.sync_group});
        running.drained = record != nullptr;
        if (record == nullptr) continue;
        if (record->until) running.drained_until = net::calendar_time(*record->until);
        running.drain_reason = record->reason;
    }
}

void Drains::drain(const std::string& interface, const json& arguments, Respond respond) {
    if (attempt_) return respond({{"error", "another request to drain is under way"}, {"hint", "try again"}});
    const auto asked = understood(interface, arguments);
    if (!asked) return respond(refusal(asked.error()));
    const maintenance::Scope scope = maintenance::scope_of(asked->words, members());
    if (scope.members.empty()) return respond({{"error", "there is no such Virtual Router"}});
    const bool again = !drained_among(scope.members).empty();
    const DrainList::Records before = list_.records();
    // One that is drained and serves, because nobody took over, sends a farewell again.
    if (again) {
        list_.assume(DrainList::without(before, scope));
        tell_all();
        list_.assume(before);
    }
    if (auto kept = keep(DrainList::with(before, scope, asked->record)); !kept) {
        tell_all();
        return respond(refusal(kept.error()));
    }
    publish(scope.members, "drained", "drained" + text_of(asked->record));
    tell_all();
    attempt_ = {.members = scope.members,
                .before = before,
                .is_forced = asked->is_forced,
                .respond = std::move(respond),
                .ends = std::chrono::steady_clock::now() + 2 * longest_interval(scope.members) + kMargin};
    // The copy that somebody may be waiting for was asked for before.
    parts_.snapshots.request([this] { parts_.snapshots.request([this] { look_at_takeovers(); }); });
}

void Drains::undrain(const std::string& interface, const json& arguments, const Respond& respond) {
    if (attempt_) return respond({{"error", "a request to drain is under way"}, {"hint", "try again"}});
    const auto asked = understood(interface, arguments);
    if (!asked) return respond(refusal(asked.error()));
    const maintenance::Scope scope = maintenance::scope_of(asked->words, members());
    if (scope.members.empty()) return respond({{"error", "there is no such Virtual Router"}});
    const Members drained = drained_among(scope.members);
    const DrainList::Records before = list_.records();
    DrainList::Records next = DrainList::without(before, scope);
    list_.assume(next);
    for (const Member& each : scope.members)
        if (list_.own_record_of(each) != nullptr) {
            list_.assume(before);
            return respond({{"error", "all of " + each.interface + " is drained"},
                            {"hint", "end that with 'vrrp-xdp undrain " + each.interface + "'"}});
        }
    list_.assume(before);
    if (auto kept = keep(std::move(next)); !kept) return respond(refusal(kept.error()));
    publish(drained, "undrained", "no longer drained");
    tell_all();
    respond({{"undrained", list_of(drained)}});
}

Result<void> Drains::keep(DrainList::Records next) {
    auto kept = list_.keep(std::move(next));
    schedule_expiry();
    return kept;
}

void Drains::tell_all() {
    for (std::uint32_t i = 0; i < parts_.served.size(); ++i)
        if (parts_.served.is_served(i)) parts_.tell(i);
}

std::optional<elections::RouterId> Drains::find(const Member& member) const {
    for (std::uint32_t i = 0; i < parts_.served.size(); ++i) {
        if (!parts_.served.is_served(i) || parts_.served.at(i).name != member.interface) continue;
        const auto& routers = parts_.served.at(i).virtual_routers;
        for (std::uint32_t j = 0; j < routers.size(); ++j)
            if (routers[j].config.vrid == member.vrid && routers[j].config.family() == member.family)
                return elections::RouterId{i, j};
    }
    return std::nullopt;
}

void Drains::publish(const Members& of, const char* event, const std::string& what) {
    for (const Member& each : of)
        if (const auto id = find(each)) parts_.publish(*id, event, what);
}

protocol::Duration Drains::longest_interval(const Members& of) const {
    protocol::Duration longest{};
    for (const Member& each : of)
        if (const auto id = find(each))
            longest = std::max(
                longest,
                parts_.served.at(id->interface).virtual_routers[id->router].config.advertise_interval);
    return longest;
}

void Drains::wait_for_takeovers() {
    pause_.expires_after(kPause);
    pause_.async_wait([this](const asio::error_code& error) {
        if (!error) parts_.snapshots.request([this] { look_at_takeovers(); });
    });
}

void Drains::look_at_takeovers() {
    if (!attempt_) return;
    Members alone;
    bool is_pending = false;
    for (const Member& each : attempt_->members) {
        const Progress progress = progress_of(each);
        is_pending |= progress == Progress::Pending;
        if (progress == Progress::Alone) alone.push_back(each);
    }
    if (is_pending && std::chrono::steady_clock::now() < attempt_->ends) return wait_for_takeovers();
    conclude(alone);
}

Drains::Progress Drains::progress_of(const Member& member) const {
    const auto id = find(member);
    if (!id) return Progress::Over;
    const auto& snapshots = parts_.served.at(id->interface).snapshots;
    if (id->router >= snapshots.size()) return Progress::Pending;
    const elections::VirtualRouterSnapshot& now = snapshots[id->router];
    if (now.election.state != protocol::State::Active) return Progress::Over;
    return now.election.leaving || !now.drained ? Progress::Pending : Progress::Alone;
}

void Drains::conclude(const Members& alone) {
    Attempt attempt = std::move(*attempt_);
    attempt_.reset();
    if (alone.empty() || attempt.is_forced) return attempt.respond({{"drained", list_of(attempt.members)}});
    if (auto kept = keep(std::move(attempt.before)); !kept) spdlog::error("{}", kept.error().what);
    publish(attempt.members, "undrained", "not drained, as no other router has taken over all of it");
    tell_all();
    std::string which;
    for (const Member& each : alone)
        which += (which.empty() ? "" : ", ") + each.interface + " vrid " + std::to_string(each.vrid.value()) +
                 " " + to_string(each.family);
    attempt.respond(
        {{"error", "no other router took over " + which + " within two intervals; nothing is drained"},
         {"hint",
          "check that the other router runs, or use --force: this one then serves until another router "
          "takes over"}});
}

json Drains::list_of(const Members& of) const {
    json list = json::array();
    for (const Member& each : of) {
        json& entry = list.emplace_back(json{{"interface", each.interface},
                                             {"vrid", each.vrid.value()},
                                             {"address-family", to_string(each.family)}});
        const auto id = find(each);
        if (!id || id->router >= parts_.served.at(id->interface).snapshots.size()) continue;
        const auto& now = parts_.served.at(id->interface).snapshots[id->router];
        entry["state"] = to_string(now.election.state);
        if (now.election.following && now.heard) entry["active"] = now.heard->source.to_string();
    }
    return list;
}

void Drains::schedule_expiry() {
    expiry_.cancel();
    const auto first = list_.first_expiry();
    if (!first) return;
    expiry_.expires_at(*first);
    expiry_.async_wait([this](const asio::error_code& error) {
        if (!error) expire();
    });
}

void Drains::expire() {
    const Members drained = drained_among(members());
    const auto now = std::chrono::floor<std::chrono::seconds>(system_clock::now());
    DrainList::Records next = DrainList::without_expired(list_.records(), now);
    // What is still written there has expired at the next start as well.
    if (const auto kept = keep(next); !kept) {
        spdlog::error("{}", kept.error().what);
        list_.assume(std::move(next));
    }
    Members ended = drained;
    std::erase_if(ended, [this](const Member& each) { return record_of(each) != nullptr; });
    publish(ended, "undrained", "no longer drained: the time is over");
    tell_all();
    schedule_expiry();
}

}  // namespace vrrp_xdp::daemon

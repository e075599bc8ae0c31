// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/trackers.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "net/boot_clock.hpp"
#include "process/account.hpp"

namespace vrrp_xdp::daemon {
namespace {

using config::Track;
using tracking::Effect;
using tracking::Unknown;

decltype(status::Tracker::effect) effect_status(const Track& track) {
    if (std::holds_alternative<Track::Fault>(track.effect)) return status::Tracker::Fault{};
    if (const auto* lower = std::get_if<Track::Lower>(&track.effect))
        return status::Tracker::Weight{-lower->by};
    return status::Tracker::AddValue{};
}

}  // namespace

Result<void> check_users(const config::Config& config) {
    std::set<std::string> users;
    for (const config::Tracker& tracker : config.trackers)
        if (const auto* watched = std::get_if<config::WatchedCommand>(&tracker.watched))
            users.insert(watched->command.user);
    const auto add = [&](const std::vector<config::Hook>& hooks) {
        for (const config::Hook& hook : hooks) users.insert(hook.command.user);
    };
    add(config.hooks);
    for (const config::Interface& interface : config.interfaces)
        for (const config::VirtualRouter& router : interface.virtual_routers) add(router.hooks);
    for (const std::string& user : users)
        if (const auto found = process::Account::find(user); !found) return tl::unexpected(found.error());
    return {};
}

Result<std::unique_ptr<Trackers>> Trackers::start(asio::io_context& io,
                                                  const std::vector<config::Tracker>& trackers,
                                                  const engine::ManagedInterfaces& interfaces, Tell tell,
                                                  Changed changed, IsDrained is_drained) {
    std::unique_ptr<Trackers> conditions(
        new Trackers(io, interfaces, std::move(tell), std::move(changed), std::move(is_drained)));
    auto set = tracking::TrackerSet::start(
        io, trackers, [that = conditions.get()](const std::string& tracker) { that->note_change(tracker); });
    if (!set) return tl::unexpected(set.error());
    conditions->set_ = std::move(*set);
    return conditions;
}

Trackers::Trackers(asio::io_context& io, const engine::ManagedInterfaces& interfaces, Tell tell,
                   Changed changed, IsDrained is_drained)
    : io_(io),
      interfaces_(interfaces),
      tell_(std::move(tell)),
      changed_(std::move(changed)),
      is_drained_(std::move(is_drained)) {}

void Trackers::prepare(engine::ManagedInterface& interface) {
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
        elections::VirtualRouter& router = interface.virtual_routers[i];
        const Key key = key_of(interface.name, router.config);
        const auto [known, begins] = known_.try_emplace(key);
        if (begins && interface.lease(i) <= net::boot_now())
            for (const Track& track : router.config.tracks)
                if (!set_->findings().contains(track.tracker)) known->second.waited_for.insert(track.tracker);
        const Effect effect = effect_of(key, router.config);
        router.wanted_priority = effect.priority;
        router.drained = is_drained_(interface.name, router.config);
        router.set_priority(router.own_priority());
        router.faulted = effect.faulted;
        known->second.told = effect;
    }
}

void Trackers::renew(const std::vector<config::Tracker>& trackers) {
    if (const auto followed = set_->follow(io_, trackers); followed)
        forget(trackers);
    else
        spdlog::error("{}; keeping the previous trackers", followed.error().what);
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
        if (interfaces_[i]) tell(i);
}

/// What is known of Virtual Routers that are gone, and waited for in vain: either would be another one if it
/// came again.
void Trackers::forget(const std::vector<config::Tracker>& trackers) {
    std::set<Key> run;
    for (const auto& interface : interfaces_)
        if (interface)
            for (const elections::VirtualRouter& each : interface->virtual_routers)
                run.insert(key_of(interface->name, each.config));
    std::erase_if(known_, [&](const auto& each) { return !run.contains(each.first); });
    std::set<std::string> unknown;
    for (const config::Tracker& tracker : trackers)
        if (!set_->findings().contains(tracker.name)) unknown.insert(tracker.name);
    for (auto& [key, known] : known_)
        std::erase_if(known.waited_for, [&](const std::string& name) { return !unknown.contains(name); });
}

void Trackers::tell(std::uint32_t index) {
    for (std::uint32_t i = 0; i < interfaces_[index]->virtual_routers.size(); ++i)
        tell({index, i}, effect_of({index, i}));
}

void Trackers::note_change(const std::string& tracker) {
    const auto is_of_tracker = [&](const Track& track) { return track.tracker == tracker; };
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
        if (!interfaces_[i]) continue;
        for (std::uint32_t j = 0; j < interfaces_[i]->virtual_routers.size(); ++j) {
            const elections::RouterId id{i, j};
            const auto& tracks = router(id).tracks;
            if (std::none_of(tracks.begin(), tracks.end(), is_of_tracker)) continue;
            const Effect effect = effect_of(id);
            changed_({id, tracker, set_->findings().at(tracker), effect});
            if (known_[key_of(id)].told != effect) tell(id, effect);
        }
    }
}

void Trackers::tell(elections::RouterId id, const Effect& effect) {
    known_[key_of(id)].told = effect;
    tell_({id, effect.priority, effect.faulted, is_drained(id)});
}

Effect Trackers::effect_of(const Key& key, const config::VirtualRouter& router) const {
    tracking::Findings findings = set_->findings();
    if (const auto known = known_.find(key); known != known_.end())
        for (const std::string& tracker : known->second.waited_for)
            findings.try_emplace(tracker, tracking::Finding{.up = false});
    Effect effect = tracking::combine(router, findings, Unknown::IsUp);
    effect.faulted |= broken_groups_.contains(router.sync_group);
    return effect;
}

std::vector<status::Tracker> Trackers::status_of(elections::RouterId id) const {
    std::vector<status::Tracker> list;
    for (const Track& track : router(id).tracks) {
        status::Tracker& status =
            list.emplace_back(status::Tracker{.name = track.tracker,
                                              .effect = effect_status(track),
                                              .detail = "its first run has not finished"});
        const auto found = set_->findings().find(track.tracker);
        if (found == set_->findings().end()) continue;
        const tracking::Finding& finding = found->second;
        status.state = finding.up ? status::Tracker::State::Up : status::Tracker::State::Down;
        status.detail = finding.detail;
        if (std::holds_alternative<Track::AddValue>(track.effect)) status.value = finding.value;
    }
    return list;
}

protocol::Priority Trackers::priority(elections::RouterId id) const {
    return is_drained(id) ? protocol::Priority::lowest() : effect_of(id).priority;
}

}  // namespace vrrp_xdp::daemon

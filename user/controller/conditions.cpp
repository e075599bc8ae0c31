// SPDX-License-Identifier: BSD-2-Clause
#include "controller/conditions.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "net/boot_clock.hpp"
#include "process/account.hpp"

namespace vrrp_xdp::controller {
namespace {

using config::Track;
using nlohmann::json;
using tracking::Condition;
using tracking::Unknown;

/// As the configuration spells it.
json effect_of(const Track& track) {
    if (std::holds_alternative<Track::Fault>(track.effect)) return "fault";
    if (const auto* lower = std::get_if<Track::Lower>(&track.effect)) return -lower->by;
    return "value";
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

Result<std::unique_ptr<Conditions>> Conditions::start(asio::io_context& io,
                                                      std::vector<config::Tracker> trackers,
                                                      const ManagedInterfaces& interfaces, Tell tell,
                                                      Changed changed) {
    std::unique_ptr<Conditions> conditions(
        new Conditions(io, std::move(trackers), interfaces, std::move(tell), std::move(changed)));
    if (auto started = conditions->start_trackers(); !started) return tl::unexpected(started.error());
    return conditions;
}

Conditions::Conditions(asio::io_context& io, std::vector<config::Tracker> trackers,
                       const ManagedInterfaces& interfaces, Tell tell, Changed changed)
    : io_(io),
      trackers_(std::move(trackers)),
      interfaces_(interfaces),
      tell_(std::move(tell)),
      changed_(std::move(changed)) {}

Result<void> Conditions::start_trackers() {
    auto set = tracking::TrackerSet::start(io_, trackers_,
                                           [this](const std::string& tracker) { note_change(tracker); });
    if (!set) return tl::unexpected(set.error());
    set_ = std::move(*set);
    return {};
}

void Conditions::prepare(ManagedInterface& interface, std::uint32_t index) {
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
        VirtualRouter& router = interface.virtual_routers[i];
        const bool goes_on = interface.lease(i) > net::boot_now();
        known({index, i}).unknown = goes_on ? Unknown::IsUp : Unknown::IsDown;
        const Condition condition = condition_of({index, i});
        router.wanted_priority = condition.priority;
        router.set_priority(condition.priority);
        router.faulted = condition.faulted;
        known({index, i}).told = condition;
    }
}

void Conditions::renew(const std::vector<config::Tracker>& trackers) {
    if (trackers != trackers_) {
        trackers_ = trackers;
        if (const auto started = start_trackers(); !started)
            spdlog::error("{}; the trackers before go on", started.error().what);
    }
    known_.clear();
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i)
        if (interfaces_[i]) tell(i);
}

void Conditions::tell(std::uint32_t index) {
    for (std::uint32_t i = 0; i < interfaces_[index]->virtual_routers.size(); ++i)
        tell({index, i}, condition_of({index, i}));
}

void Conditions::note_change(const std::string& tracker) {
    const auto is_of_tracker = [&](const Track& track) { return track.tracker == tracker; };
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
        if (!interfaces_[i]) continue;
        for (std::uint32_t j = 0; j < interfaces_[i]->virtual_routers.size(); ++j) {
            const RouterId id{i, j};
            const auto& tracks = router(id).tracks;
            if (std::none_of(tracks.begin(), tracks.end(), is_of_tracker)) continue;
            const Condition condition = condition_of(id);
            changed_({id, tracker, set_->findings().at(tracker), condition});
            if (known(id).told != condition) tell(id, condition);
        }
    }
}

void Conditions::tell(RouterId id, const Condition& condition) {
    known(id).told = condition;
    tell_({id, condition.priority, condition.faulted});
}

Condition Conditions::condition_of(RouterId id) const {
    const auto known = known_.find({id.interface, id.router});
    const Unknown unknown = known != known_.end() ? known->second.unknown : Unknown::IsUp;
    return tracking::combine(router(id), set_->findings(), unknown);
}

json Conditions::status_of(RouterId id) const {
    json list = json::array();
    for (const Track& track : router(id).tracks) {
        const auto found = set_->findings().find(track.tracker);
        json status{{"name", track.tracker},
                    {"effect", effect_of(track)},
                    {"state", "unknown"},
                    {"detail", "its first run has not ended"}};
        if (found != set_->findings().end()) {
            status["state"] = found->second.up ? "up" : "down";
            status["detail"] = found->second.detail;
            if (std::holds_alternative<Track::AddValue>(track.effect)) status["value"] = found->second.value;
        }
        list.push_back(std::move(status));
    }
    return list;
}

protocol::Priority Conditions::priority(RouterId id) const { return condition_of(id).priority; }

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
#include "plan/values.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "config/text.hpp"

namespace vrrp_xdp::plan {
namespace {

using config::spelt;
using config::Tracker;
using config::VirtualRouter;
using protocol::State;

const std::string none = "none";

std::string in_brackets(const std::vector<std::string>& words) {
    std::string text = "[";
    for (const std::string& word : words) text += (text.size() > 1 ? ", " : "") + word;
    return text + "]";
}

std::string addresses_or_none(std::span<const protocol::IpAddress> addresses) {
    return addresses.empty() ? none : spelt(addresses);
}

std::string spelt(const config::Announcements& how) {
    return "{burst: " + std::to_string(how.burst) + ", repeat: " + std::to_string(how.repeat) +
           ", repeat-after: " + spelt(how.repeat_after) +
           (how.refresh ? ", refresh: " + spelt(*how.refresh) : "") + "}";
}

std::string spelt(const std::vector<config::Track>& tracks) {
    if (tracks.empty()) return none;
    std::string text = "{";
    for (const config::Track& track : tracks) text += (text.size() > 1 ? ", " : "") + spelt(track);
    return text + "}";
}

std::string spelt(const config::Command& command) {
    return in_brackets(command.arguments) + " as " + command.user + " within " + spelt(command.timeout);
}

std::string spelt(const config::Hook& hook) {
    std::string text = spelt(hook.command);
    const char* separator = " on ";
    for (const auto& [state, name] : {std::pair(State::Active, "active"), std::pair(State::Backup, "backup"),
                                      std::pair(State::Initialize, "initialize")})
        if (hook.on.contains(state)) text += std::exchange(separator, ", ") + std::string(name);
    return text;
}

std::string spelt(const std::vector<config::Hook>& hooks) {
    std::string text;
    for (const config::Hook& hook : hooks) text += (text.empty() ? "" : "; ") + spelt(hook);
    return text.empty() ? none : text;
}

struct SpellWatched {
    std::string operator()(const config::WatchedInterface& watched) const {
        return "interface " + watched.name;
    }
    std::string operator()(const config::WatchedRoute& watched) const {
        return "route " + watched.destination.to_string() + "/" + std::to_string(watched.prefix_length) +
               " of table " + std::to_string(watched.table);
    }
    std::string operator()(const config::WatchedCommand& watched) const {
        return "command " + spelt(watched.command) + " every " + spelt(watched.interval) + ", rise " +
               std::to_string(watched.rise) + ", fall " + std::to_string(watched.fall);
    }
    std::string operator()(const config::WatchedProcess& watched) const {
        return "process " + watched.name + " every " + spelt(watched.interval);
    }
    std::string operator()(const config::WatchedFile& watched) const {
        return "file " + watched.path + " every " + spelt(watched.interval);
    }
};

const std::string* find(const Values& values, const std::string& key) {
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const auto& each) { return each.first == key; });
    return found == values.end() ? nullptr : &found->second;
}

/// The key whose value nobody shows. Two secrets differ as their texts do.
constexpr std::string_view secret_key = "authentication";

std::string shown(const std::string& key, const std::string& value) {
    return key == secret_key && value != none ? "a secret" : value;
}

}  // namespace

Values values_of(const VirtualRouter& router) {
    const auto& secret = router.authentication;
    return {
        {"version", config::spelt_versions(router)},
        {"priority", std::to_string(router.priority.value())},
        {"advertise-interval", spelt(router.advertise_interval)},
        {"preempt", spelt(router.preempt)},
        {"preempt-delay", spelt(router.preempt_delay)},
        {"sync-group", router.sync_group.empty() ? none : router.sync_group},
        {"announcements", spelt(router.announcements)},
        {"accept-mode", spelt(router.accept_mode)},
        {"virtual-mac", spelt(router.virtual_mac)},
        {"unicast-peers", addresses_or_none(router.unicast_peers)},
        {"minimum-ttl", std::to_string(router.minimum_ttl)},
        {"source-address", router.source_address ? router.source_address->to_string() : none},
        {"checksum", router.checksum == config::Checksum::PseudoHeader ? "pseudo-header" : "message-only"},
        {"authentication", secret ? std::string(secret->begin(), secret->end()) : none},
        {"signed-advertisements", router.refuses_signed ? "refuse" : "follow"},
        {"track", spelt(router.tracks)},
        {"hooks", spelt(router.hooks)},
        {"virtual-addresses", addresses_or_none(router.advertised_addresses())},
        {"unadvertised-addresses", addresses_or_none(router.unadvertised_addresses())},
    };
}

Values general_values_of(const config::Config& config) {
    Values values{{"startup-delay", spelt(config.startup_delay)}, {"hooks", spelt(config.hooks)}};
    for (const Tracker& tracker : config.trackers)
        values.emplace_back("tracker " + tracker.name, std::visit(SpellWatched{}, tracker.watched));
    return values;
}

std::vector<Difference> differences_of(const Values& before, const Values& after) {
    std::vector<Difference> differences;
    for (const auto& [key, value] : after) {
        const std::string* const was = find(before, key);
        if (was == nullptr || *was != value)
            differences.push_back({key, was == nullptr ? none : shown(key, *was), shown(key, value)});
    }
    for (const auto& [key, value] : before)
        if (find(after, key) == nullptr) differences.push_back({key, shown(key, value), none});
    return differences;
}

}  // namespace vrrp_xdp::plan

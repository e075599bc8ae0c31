// SPDX-License-Identifier: BSD-2-Clause
#include "config/yaml.hpp"

#include <linux/rtnetlink.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "config/announcements.hpp"
#include "config/hook.hpp"
#include "config/text.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::State;
using protocol::Version;
using YAML::BeginMap;
using YAML::BeginSeq;
using YAML::EndMap;
using YAML::EndSeq;
using YAML::Flow;
using YAML::Key;
using YAML::Value;

/// Text that could be anything; in quotes unless it is plainly a word.
void write_text(YAML::Emitter& out, const std::string& text) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    const bool is_plain = !text.empty() && text.find_first_not_of(plain) == std::string::npos &&
                          text.front() != '-' && text.front() != '.';
    if (!is_plain) out << YAML::DoubleQuoted;
    out << text;
}

void write_command(YAML::Emitter& out, const Command& command) {
    out << Key << "command" << Value << Flow << BeginSeq;
    for (const std::string& argument : command.arguments) write_text(out, argument);
    out << EndSeq;
}

void write_addresses(YAML::Emitter& out, std::span<const protocol::IpAddress> addresses) {
    out << Flow << BeginSeq;
    for (const protocol::IpAddress& address : addresses) {
        const std::string text = address.to_string();
        // YAML takes a colon at the end for that of a key.
        if (text.ends_with(':')) out << YAML::DoubleQuoted;
        out << text;
    }
    out << EndSeq;
}

struct WriteWatched {
    YAML::Emitter& out;

    void operator()(const WatchedInterface& interface) const {
        out << Key << "interface" << Value;
        write_text(out, interface.name);
    }
    void operator()(const WatchedCommand& watched) const {
        write_command(out, watched.command);
        write_unless_1s("interval", watched.interval);
        write_unless_1s("timeout", watched.command.timeout);
        if (watched.rise != 1) out << Key << "rise" << Value << watched.rise;
        if (watched.fall != 1) out << Key << "fall" << Value << watched.fall;
        if (watched.command.user == "nobody") return;
        out << Key << "user" << Value;
        write_text(out, watched.command.user);
    }
    void operator()(const WatchedProcess& process) const {
        out << Key << "process" << Value;
        write_text(out, process.name);
        write_unless_1s("interval", process.interval);
    }
    void operator()(const WatchedFile& file) const {
        out << Key << "file" << Value;
        write_text(out, file.path);
        write_unless_1s("interval", file.interval);
    }
    void operator()(const WatchedRoute& route) const {
        out << Key << "route" << Value << YAML::DoubleQuoted
            << route.destination.to_string() + "/" + std::to_string(route.prefix_length);
        if (route.table != RT_TABLE_MAIN) out << Key << "table" << Value << route.table;
    }

    void write_unless_1s(const char* key, protocol::Duration time) const {
        if (time != std::chrono::seconds(1)) out << Key << key << Value << spelt(time);
    }
};

struct WriteEffect {
    YAML::Emitter& out;

    void operator()(Track::Fault /*fault*/) const { out << "fault"; }
    void operator()(const Track::Lower& lower) const { out << -lower.by; }
    void operator()(Track::AddValue /*value*/) const { out << "value"; }
};

void write_trackers(YAML::Emitter& out, const std::vector<Tracker>& trackers) {
    if (trackers.empty()) return;
    out << Key << "trackers" << Value << BeginMap;
    for (const Tracker& tracker : trackers) {
        out << Key;
        write_text(out, tracker.name);
        out << Value << Flow << BeginMap;
        std::visit(WriteWatched{out}, tracker.watched);
        out << EndMap;
    }
    out << EndMap;
}

/// What is not the default of it.
void write_announcements(YAML::Emitter& out, const VirtualRouter& router) {
    const Announcements& announcements = router.announcements;
    Announcements otherwise =
        default_announcements(seen_by_switches(router.unicast_peers, router.virtual_mac));
    // No file can say "never": what an import leaves open is the default of its reader.
    if (!announcements.refresh) otherwise.refresh.reset();
    if (announcements == otherwise) return;
    out << Key << "announcements" << Value << Flow << BeginMap;
    if (announcements.burst != otherwise.burst) out << Key << "burst" << Value << announcements.burst;
    if (announcements.repeat != otherwise.repeat) out << Key << "repeat" << Value << announcements.repeat;
    if (announcements.repeat_after != otherwise.repeat_after)
        out << Key << "repeat-after" << Value << spelt(announcements.repeat_after);
    if (announcements.refresh != otherwise.refresh)
        out << Key << "refresh" << Value << spelt(*announcements.refresh);
    out << EndMap;
}

void write_authentication(YAML::Emitter& out, const VirtualRouter& router) {
    if (!router.authentication) return;
    const protocol::SharedSecret& secret = *router.authentication;
    const std::string text(secret.begin(), std::find(secret.begin(), secret.end(), 0));
    out << Key << "authentication" << Value << YAML::DoubleQuoted << text;
}

void write_tracks(YAML::Emitter& out, const VirtualRouter& router) {
    if (router.tracks.empty()) return;
    out << Key << "track" << Value << Flow << BeginMap;
    for (const Track& track : router.tracks) {
        out << Key;
        write_text(out, track.tracker);
        out << Value;
        std::visit(WriteEffect{out}, track.effect);
    }
    out << EndMap;
}

/// All of them are the default.
void write_states(YAML::Emitter& out, const std::set<State>& on) {
    constexpr std::array states = {std::pair(State::Active, "active"), std::pair(State::Backup, "backup"),
                                   std::pair(State::Initialize, "initialize")};
    if (on.size() == states.size()) return;
    out << Key << "on" << Value << Flow << BeginSeq;
    for (const auto& [state, name] : states) {
        if (on.contains(state)) out << name;
    }
    out << EndSeq;
}

void write_hooks(YAML::Emitter& out, const std::vector<Hook>& hooks) {
    if (hooks.empty()) return;
    out << Key << "hooks" << Value << BeginSeq;
    for (const Hook& hook : hooks) {
        out << Flow << BeginMap;
        write_command(out, hook.command);
        write_states(out, hook.on);
        if (hook.command.user != hook_defaults.user) {
            out << Key << "user" << Value;
            write_text(out, hook.command.user);
        }
        if (hook.command.timeout != hook_defaults.timeout)
            out << Key << "timeout" << Value << spelt(hook.command.timeout);
        out << EndMap;
    }
    out << EndSeq;
}

void write(YAML::Emitter& out, const VirtualRouter& router, const Comments& comments) {
    constexpr int default_priority = 100;
    out << BeginMap;
    out << Key << "vrid" << Value << static_cast<int>(router.vrid.value());
    if (!comments.vrid.empty()) out << YAML::Comment(as_comment(comments.vrid));
    if (router.version == Version::V2) out << Key << "version" << Value << 2;
    if (router.also_version_2) out << Key << "version" << Value << "2+3";
    if (router.priority.value() != default_priority || !comments.priority.empty())
        out << Key << "priority" << Value << static_cast<int>(router.priority.value());
    if (!comments.priority.empty()) out << YAML::Comment(as_comment(comments.priority));
    if (router.advertise_interval != std::chrono::seconds(1))
        out << Key << "advertise-interval" << Value << spelt(router.advertise_interval);
    if (router.version == Version::V3 &&
        router.advertise_interval != protocol::interval_on_the_wire(router.advertise_interval))
        out << Key << "sub-centisecond" << Value << true;
    if (!router.preempt) out << Key << "preempt" << Value << false;
    if (router.preempt_delay != protocol::Duration::zero())
        out << Key << "preempt-delay" << Value << spelt(router.preempt_delay);
    if (!router.sync_group.empty())
        out << Key << "sync-group" << Value << YAML::DoubleQuoted << router.sync_group;
    if (router.accept_mode) out << Key << "accept-mode" << Value << true;
    if (!router.virtual_mac) out << Key << "virtual-mac" << Value << false;
    if (!router.unicast_peers.empty()) {
        out << Key << "unicast-peers" << Value;
        write_addresses(out, router.unicast_peers);
        if (router.minimum_ttl != 255)
            out << Key << "minimum-ttl" << Value << static_cast<int>(router.minimum_ttl);
    }
    if (router.source_address)
        out << Key << "source-address" << Value << YAML::DoubleQuoted << router.source_address->to_string();
    if (router.version == Version::V3 && router.checksum == Checksum::MessageOnly &&
        router.family() == protocol::Family::Ipv4)
        out << Key << "checksum" << Value << "message-only";
    write_announcements(out, router);
    write_authentication(out, router);
    write_tracks(out, router);
    if (router.refuses_signed) out << Key << "signed-advertisements" << Value << "refuse";
    write_hooks(out, router.hooks);
    out << Key << "virtual-addresses" << Value;
    write_addresses(out, router.advertised_addresses());
    if (router.unadvertised > 0) {
        out << Key << "unadvertised-addresses" << Value;
        write_addresses(out, router.unadvertised_addresses());
    }
    out << EndMap;
}

void write(YAML::Emitter& out, const Interface& interface, const std::vector<Comments>& comments) {
    out << Key;
    write_text(out, interface.name);
    out << Value << BeginMap;
    out << Key << "virtual-routers" << Value << BeginSeq;
    for (std::size_t at = 0; at < interface.virtual_routers.size(); ++at)
        write(out, interface.virtual_routers[at], at < comments.size() ? comments[at] : Comments{});
    out << EndSeq << EndMap;
}

}  // namespace

std::string as_comment(const std::string& text) {
    std::string line;
    for (const char character : text) line += character >= ' ' && character <= '~' ? character : '?';
    return line;
}

std::string to_yaml(const Config& config, const std::vector<std::vector<Comments>>& comments) {
    YAML::Emitter out;
    out << BeginMap;
    if (config.startup_delay != protocol::Duration::zero())
        out << Key << "startup-delay" << Value << spelt(config.startup_delay);
    write_trackers(out, config.trackers);
    write_hooks(out, config.hooks);
    out << Key << "interfaces" << Value << BeginMap;
    for (std::size_t at = 0; at < config.interfaces.size(); ++at)
        write(out, config.interfaces[at], at < comments.size() ? comments[at] : std::vector<Comments>{});
    out << EndMap << EndMap;
    return std::string(out.c_str()) + "\n";
}

}  // namespace vrrp_xdp::config

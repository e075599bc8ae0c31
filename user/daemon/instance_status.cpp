// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/instance_status.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>
#include <set>

#include "dataplane/pins.hpp"
#include "net/boot_clock.hpp"
#include "net/calendar_time.hpp"
#include "protocol/text.hpp"
#include "protocol/timers.hpp"
#include "status/counters.hpp"

namespace vrrp_xdp::daemon {
namespace {

using nlohmann::json;
using protocol::Duration;
using protocol::TimePoint;

json virtual_router_status(const elections::VirtualRouter& router,
                           const elections::VirtualRouterSnapshot& now,
                           const vrrp_xdp_vr_counters& counters) {
    const auto& config = router.config;
    const Duration interval = now.election.active_adver_interval;
    json status{
        {"vrid", config.vrid.value()},
        {"address-family", to_string(config.family())},
        {"version", static_cast<int>(config.version)},
        {"state", to_string(now.election.state)},
        {"last-event", to_string(now.election.cause)},
        {"is-owner", config.priority.is_owner()},
        {"priority", config.priority.value()},
        {"effective-priority", now.priority.value()},
        {"preempt", config.preempt},
        {"advertise-interval-ms", protocol::milliseconds(config.advertise_interval)},
        {"virtual-mac", now.mac.to_string()},
        {"statistics", status::values_of(counters, now.statistics)},
    };
    if (config.also_version_2) status["also-version-2"] = true;
    if (!config.sync_group.empty()) status["sync-group"] = config.sync_group;
    for (const auto& address : config.virtual_addresses)
        status["virtual-addresses"].push_back(address.to_string());
    if (now.since != TimePoint{}) status["since"] = net::calendar_time(now.since);
    if (now.election.state != protocol::State::Initialize) {
        status["up-datetime"] = net::calendar_time(now.since);
        const protocol::Version version = version_of(config.version, now.election);
        status["skew-time-ms"] = protocol::milliseconds(skew_time(version, now.priority, interval));
        status["active-down-interval-ms"] =
            protocol::milliseconds(active_down_interval(version, now.priority, interval));
    }
    if (now.election.following && now.election.preempts_at != protocol::kNever)
        status["preempts-in-ms"] = protocol::milliseconds(now.election.preempts_at - net::boot_now());
    if (now.election.leaving) status["leaving"] = true;
    if (now.election.state == protocol::State::Active)
        status["lease-remaining-ms"] = protocol::milliseconds(now.election.lease - net::boot_now());
    if (now.signer)
        status["signing-peer"] = {{"address", now.signer->source.to_string()}, {"key", now.signer->key}};
    if (now.lateness) status["takeover-lateness-ms"] = protocol::milliseconds(*now.lateness);
    if (now.primary_address) status["primary-address"] = now.primary_address->to_string();
    if (now.heard) {
        status["last-adv-source"] = now.heard->source.to_string();
        status["last-adv-priority"] = now.heard->priority;
        status["last-adv-ms-ago"] = protocol::milliseconds(net::boot_now() - now.heard->at);
    }
    return status;
}

}  // namespace

json status_of(const engine::ManagedInterface& interface) {
    const dataplane::AttachedPort& port = *interface.port;
    json status{
        {"interface", interface.name},
        {"controller", "running"},
        {"pid", getpid()},
        {"port", interface.port_name},
        {"mode", to_string(port.mode())},
        {"pins", dataplane::pin_directory(interface.port_name).string()},
        {"sending-fails", interface.sending_failed},
        {"statistics", status::values_of(port.port_counters())},
        {"virtual-routers", json::array()},
    };
    if (!port.mode_reason().empty()) status["mode-reason"] = port.mode_reason();
    for (std::uint32_t i = 0; i < interface.snapshots.size(); ++i)
        status["virtual-routers"].push_back(virtual_router_status(
            interface.virtual_routers[i], interface.snapshots[i], port.counters(interface.slots[i])));
    return status;
}

json status_of_missing(const config::Interface& interface) {
    json status{
        {"interface", interface.name},
        {"controller", "running"},
        {"pid", getpid()},
        {"port", interface.name},
        {"mode", "none"},
        {"pins", dataplane::pin_directory(interface.name).string()},
        {"waiting", "there is no interface " + interface.name + "; it is attached to when it comes"},
        {"sending-fails", false},
        {"statistics", status::values_of(vrrp_xdp_port_counters{})},
        {"virtual-routers", json::array()},
    };
    for (const config::VirtualRouter& configuration : interface.virtual_routers) {
        elections::VirtualRouter router(configuration);
        router.mac = router.mac_on({});
        status["virtual-routers"].push_back(
            virtual_router_status(router, router.snapshot(), vrrp_xdp_vr_counters{}));
    }
    return status;
}

std::vector<std::string> idle_group_members(const engine::ManagedInterfaces& interfaces) {
    using protocol::Cause;
    // The others are there for the group's sake.
    static const std::set<Cause> own{Cause::None, Cause::InterfaceDown, Cause::PrimaryAddressGone,
                                     Cause::DataPlaneGone, Cause::Faulted};
    std::vector<std::string> sentences;
    for (const auto& interface : interfaces) {
        if (!interface) continue;
        for (std::uint32_t i = 0; i < interface->snapshots.size(); ++i) {
            const config::VirtualRouter& router = interface->virtual_routers[i].config;
            const protocol::Election& election = interface->snapshots[i].election;
            if (router.sync_group.empty() || election.state != protocol::State::Initialize ||
                !own.contains(election.cause))
                continue;
            const std::string vrid = std::to_string(router.vrid.value());
            std::string& sentence = sentences.emplace_back("sync-group " + router.sync_group);
            sentence += " takes no part while " + interface->name + " vrid " + vrid + " ";
            sentence += to_string(router.family());
            sentence += " cannot serve: see 'vrrp-xdp explain " + vrid + "'";
        }
    }
    return sentences;
}

std::string summary_of(const engine::ManagedInterfaces& interfaces, const std::vector<json>& missing) {
    std::array<std::size_t, 3> counts{};
    for (const json& interface : missing)
        counts.at(static_cast<std::size_t>(protocol::State::Initialize)) +=
            interface["virtual-routers"].size();
    for (const auto& interface : interfaces) {
        if (!interface) continue;
        for (const elections::VirtualRouterSnapshot& router : interface->snapshots)
            ++counts.at(static_cast<std::size_t>(router.election.state));
    }
    std::string text;
    for (const auto state : {protocol::State::Active, protocol::State::Backup, protocol::State::Initialize})
        text += (text.empty() ? "" : ", ") + std::to_string(counts.at(static_cast<std::size_t>(state))) +
                " " + to_string(state);
    return text;
}

}  // namespace vrrp_xdp::daemon

// SPDX-License-Identifier: BSD-2-Clause
#include "controller/status.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>
#include <set>

#include "controller/counters.hpp"
#include "controller/names.hpp"
#include "dataplane/pins.hpp"
#include "dataplane/remains.hpp"
#include "net/boot_clock.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::controller {
namespace {

using nlohmann::json;
using protocol::Duration;
using protocol::TimePoint;

std::string calendar_time(TimePoint when) {
    using std::chrono::system_clock;
    const auto wall =
        system_clock::now() - std::chrono::duration_cast<system_clock::duration>(net::boot_now() - when);
    const std::time_t seconds = system_clock::to_time_t(wall);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

json virtual_router_status(const VirtualRouter& router, const VirtualRouterSnapshot& now,
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
        {"advertise-interval-ms", milliseconds(config.advertise_interval)},
        {"virtual-mac", now.mac.to_string()},
        {"statistics", values_of(counters, now.statistics)},
    };
    if (config.also_version_2) status["also-version-2"] = true;
    if (!config.sync_group.empty()) status["sync-group"] = config.sync_group;
    for (const auto& address : config.virtual_addresses)
        status["virtual-addresses"].push_back(address.to_string());
    if (now.since != TimePoint{}) status["since"] = calendar_time(now.since);
    if (now.election.state != protocol::State::Initialize) {
        status["up-datetime"] = calendar_time(now.since);
        const protocol::Version version = version_of(config.version, now.election);
        status["skew-time-ms"] = milliseconds(skew_time(version, now.priority, interval));
        status["active-down-interval-ms"] =
            milliseconds(active_down_interval(version, now.priority, interval));
    }
    if (now.election.following && now.election.preempts_at != protocol::kNever)
        status["preempts-in-ms"] = milliseconds(now.election.preempts_at - net::boot_now());
    if (now.election.leaving) status["leaving"] = true;
    if (now.election.state == protocol::State::Active)
        status["lease-remaining-ms"] = milliseconds(now.election.lease - net::boot_now());
    if (now.signer)
        status["signing-peer"] = {{"address", now.signer->source.to_string()}, {"key", now.signer->key}};
    if (now.lateness) status["takeover-lateness-ms"] = milliseconds(*now.lateness);
    if (now.primary_address) status["primary-address"] = now.primary_address->to_string();
    if (now.heard) {
        status["last-adv-source"] = now.heard->source.to_string();
        status["last-adv-priority"] = now.heard->priority;
        status["last-adv-ms-ago"] = milliseconds(net::boot_now() - now.heard->at);
    }
    return status;
}

std::string vlan_of(const vrrp_xdp_vlan& vlan) {
    std::string text;
    for (const unsigned tag : vlan.tag)
        if (tag != 0) text += (text.empty() ? "" : ".") + std::to_string(tag & 0xfffU);
    return text;
}

json pinned_router_status(const dataplane::PinnedRouter& router) {
    const TimePoint now = net::boot_now();
    json status{
        {"vrid", router.vrid},
        {"address-family", to_string(router.family)},
        {"virtual-mac", router.mac.to_string()},
        {"lease-remaining-ms", std::max(0.0, milliseconds(router.lease - now))},
        {"statistics", values_of(router.counters)},
        {"virtual-addresses", json::array()},
    };
    if (const std::string vlan = vlan_of(router.vlan); !vlan.empty()) status["vlan"] = vlan;
    if (router.lease != protocol::kNoLease) status["lease-end"] = calendar_time(router.lease);
    if (router.last_heard != TimePoint{}) status["last-adv-ms-ago"] = milliseconds(now - router.last_heard);
    for (const auto& address : router.addresses) status["virtual-addresses"].push_back(address.to_string());
    return status;
}

}  // namespace

json status_of(const ManagedInterface& interface) {
    const dataplane::Port& port = *interface.port;
    json status{
        {"interface", interface.name},
        {"controller", "running"},
        {"pid", getpid()},
        {"port", interface.port_name},
        {"mode", to_string(port.mode())},
        {"pins", dataplane::pin_directory(interface.port_name).string()},
        {"sending-fails", interface.sending_failed},
        {"statistics", values_of(port.port_counters())},
        {"virtual-routers", json::array()},
    };
    if (!port.mode_reason().empty()) status["mode-reason"] = port.mode_reason();
    for (std::uint32_t i = 0; i < interface.snapshots.size(); ++i)
        status["virtual-routers"].push_back(virtual_router_status(
            interface.virtual_routers[i], interface.snapshots[i], port.counters(interface.slots[i])));
    return status;
}

json status_of_remains(const std::string& port_name) {
    json status{
        {"interface", port_name},
        {"controller", "dead"},
        {"port", port_name},
        {"pins", dataplane::pin_directory(port_name).string()},
        {"virtual-routers", json::array()},
    };
    const auto port = dataplane::read_pins(port_name);
    if (!port) {
        status["error"] = port.error().what;
        if (!port.error().hint.empty()) status["hint"] = port.error().hint;
        return status;
    }
    status["pid"] = port->controller_pid;
    status["statistics"] = values_of(port->counters);
    status["filter-entries"] = json::array();
    for (const auto& address : port->filter_entries) status["filter-entries"].push_back(address.to_string());
    for (const auto& router : port->routers)
        status["virtual-routers"].push_back(pinned_router_status(router));
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
        {"statistics", values_of(vrrp_xdp_port_counters{})},
        {"virtual-routers", json::array()},
    };
    for (const config::VirtualRouter& configuration : interface.virtual_routers) {
        VirtualRouter router(configuration);
        router.mac = router.mac_on({});
        status["virtual-routers"].push_back(
            virtual_router_status(router, router.snapshot(), vrrp_xdp_vr_counters{}));
    }
    return status;
}

std::vector<std::string> idle_group_members(const ManagedInterfaces& interfaces) {
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

std::string summary_of(const ManagedInterfaces& interfaces, const std::vector<json>& missing) {
    std::array<std::size_t, 3> counts{};
    for (const json& interface : missing)
        counts.at(static_cast<std::size_t>(protocol::State::Initialize)) +=
            interface["virtual-routers"].size();
    for (const auto& interface : interfaces) {
        if (!interface) continue;
        for (const VirtualRouterSnapshot& router : interface->snapshots)
            ++counts.at(static_cast<std::size_t>(router.election.state));
    }
    std::string text;
    for (const auto state : {protocol::State::Active, protocol::State::Backup, protocol::State::Initialize})
        text += (text.empty() ? "" : ", ") + std::to_string(counts.at(static_cast<std::size_t>(state))) +
                " " + to_string(state);
    return text;
}

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/instance_status.hpp"

#include <unistd.h>

#include <array>
#include <set>
#include <utility>

#include "dataplane/pins.hpp"
#include "net/boot_clock.hpp"
#include "net/calendar_time.hpp"
#include "protocol/text.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::reporting {
namespace {

using protocol::TimePoint;

status::VirtualRouter virtual_router_status(const elections::VirtualRouter& router,
                                            const elections::VirtualRouterSnapshot& now,
                                            const vrrp_xdp_vr_counters& counters, const vrrp_xdp_gaps& gaps) {
    const auto& config = router.config;
    status::RunningRouter running{
        .version = config.version,
        .also_version_2 = config.also_version_2,
        .state = now.election.state,
        .cause = now.election.cause,
        .leaving = now.election.leaving,
        .is_owner = config.priority.is_owner(),
        .priority = config.priority.value(),
        .effective_priority = now.priority.value(),
        .preempt = config.preempt,
        .advertise_interval = config.advertise_interval,
        .sync_group = config.sync_group,
        .takeover_lateness = now.lateness,
        .primary_address = now.primary_address,
        .drained = now.drained,
    };
    status::VirtualRouter status{
        .vrid = config.vrid.value(),
        .family = config.family(),
        .virtual_mac = now.mac,
        .virtual_addresses = config.virtual_addresses,
        .counters = status::counters_of(counters, now.statistics),
        .gaps = status::gaps_of(gaps, net::boot_now()),
    };
    if (now.since != TimePoint{}) running.since = net::calendar_time(now.since);
    if (now.election.state != protocol::State::Initialize) {
        const protocol::Version version = version_of(config.version, now.election);
        const protocol::Duration interval = now.election.active_adver_interval;
        running.up_datetime = running.since;
        running.skew_time = skew_time(version, now.priority, interval);
        running.active_down_interval = active_down_interval(version, now.priority, interval);
    }
    if (now.election.following && now.election.preempts_at != protocol::kNever)
        running.preempts_in = now.election.preempts_at - net::boot_now();
    if (now.election.state == protocol::State::Active)
        status.lease_remaining = now.election.lease - net::boot_now();
    if (now.signer) running.signing_peer = {now.signer->source, now.signer->key};
    if (now.heard) {
        running.heard = {now.heard->source, now.heard->priority};
        status.heard_ago = net::boot_now() - now.heard->at;
    }
    status.running = std::move(running);
    return status;
}

}  // namespace

status::Interface status_of(const engine::ManagedInterface& interface) {
    const dataplane::AttachedPort& port = *interface.port;
    status::Interface status{
        .name = interface.name,
        .port = interface.port_name,
        .pins = dataplane::pin_directory(interface.port_name).string(),
        .pid = getpid(),
        .counters = status::counters_of(port.port_counters()),
        .running = status::RunningInterface{.mode = to_string(port.mode()),
                                            .mode_reason = port.mode_reason(),
                                            .sending_fails = interface.sending_failed},
    };
    for (std::uint32_t i = 0; i < interface.snapshots.size(); ++i)
        status.virtual_routers.push_back(virtual_router_status(
            interface.virtual_routers[i], interface.snapshots[i], port.counters(interface.slots[i]),
            interface.port->elections().gaps(interface.slots[i])));
    return status;
}

status::Interface status_of_missing(const config::Interface& interface) {
    status::Interface status{
        .name = interface.name,
        .port = interface.name,
        .pins = dataplane::pin_directory(interface.name).string(),
        .pid = getpid(),
        .counters = status::PortCounters{},
        .running = status::RunningInterface{.mode = "none",
                                            .waiting = "there is no interface " + interface.name +
                                                       "; it will be attached when it appears"},
    };
    for (const config::VirtualRouter& configuration : interface.virtual_routers) {
        elections::VirtualRouter router(configuration);
        router.mac = router.mac_on({});
        status.virtual_routers.push_back(
            virtual_router_status(router, router.snapshot(), vrrp_xdp_vr_counters{}, vrrp_xdp_gaps{}));
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
            sentence += " is in Initialize while " + interface->name + " vrid " + vrid + " ";
            sentence += to_string(router.family());
            sentence += " cannot serve: see 'vrrp-xdp explain " + vrid + "'";
        }
    }
    return sentences;
}

std::string summary_of(const engine::ManagedInterfaces& interfaces,
                       const std::vector<status::Interface>& missing) {
    std::array<std::size_t, 3> counts{};
    for (const status::Interface& interface : missing)
        counts.at(static_cast<std::size_t>(protocol::State::Initialize)) += interface.virtual_routers.size();
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

}  // namespace vrrp_xdp::reporting

// SPDX-License-Identifier: BSD-2-Clause
// Statuses as instances have them, for tests of what is made of them.
#pragma once

#include <chrono>
#include <string>

#include "status/model.hpp"

namespace vrrp_xdp::status {

inline protocol::IpAddress ip(const std::string& text) { return protocol::IpAddress::parse(text).value(); }

/// Active, priority 200, alone; 100 ms. Its file tracker has added 20.
inline VirtualRouter active_router() {
    using namespace std::chrono_literals;
    return {
        .vrid = 10,
        .family = protocol::Family::Ipv4,
        .virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a}},
        .virtual_addresses = {ip("192.0.2.254"), ip("192.0.2.253")},
        .counters = {.advertisement_rcvd = 7, .master_transitions = 1, .advertisement_sent = 18},
        .lease_remaining = 182'416'898ns,
        .running = RunningRouter{.state = protocol::State::Active,
                                 .cause = protocol::Cause::ActiveDownTimer,
                                 .priority = 200,
                                 .effective_priority = 220,
                                 .preempt = true,
                                 .advertise_interval = 100ms,
                                 .since = "2026-11-28T13:14:05Z",
                                 .up_datetime = "2026-11-28T13:14:05Z",
                                 .skew_time = 14'062'500ns,
                                 .active_down_interval = 314'062'500ns,
                                 .takeover_lateness = 952'910ns,
                                 .primary_address = ip("192.0.2.1"),
                                 .trackers = {{{.name = "load",
                                                .effect = Tracker::AddValue{},
                                                .state = Tracker::State::Up,
                                                .detail = "/run/weight holds 20",
                                                .value = 20}}}},
    };
}

/// Backup of 192.0.2.1, which has priority 200; its own is 100.
inline VirtualRouter backup_router() {
    using namespace std::chrono_literals;
    VirtualRouter router = active_router();
    RunningRouter& running = *router.running;
    router.lease_remaining.reset();
    router.heard_ago = 32'100'000ns;
    running.state = protocol::State::Backup;
    running.cause = protocol::Cause::Startup;
    running.priority = running.effective_priority = 100;
    running.skew_time = 60'937'500ns;
    running.active_down_interval = 360'937'500ns;
    running.takeover_lateness.reset();
    running.primary_address = ip("192.0.2.2");
    running.heard = {ip("192.0.2.1"), 200};
    running.trackers = std::vector<Tracker>{};
    return router;
}

/// In Initialize, for that cause.
inline VirtualRouter initialize_router(protocol::Cause cause) {
    VirtualRouter router = backup_router();
    RunningRouter& running = *router.running;
    router.heard_ago.reset();
    running.heard.reset();
    running.state = protocol::State::Initialize;
    running.cause = cause;
    running.up_datetime.clear();
    running.skew_time.reset();
    running.active_down_interval.reset();
    running.primary_address.reset();
    return router;
}

inline Interface running_interface(std::vector<VirtualRouter> routers) {
    return {.name = "eth0",
            .port = "eth0",
            .pins = "/sys/fs/bpf/vrrp-xdp/net-1/eth0",
            .pid = 4711,
            .counters = PortCounters{.vrid_errors = 3},
            .running = RunningInterface{.mode = "native", .reconciler = std::vector<ReconcilerItem>{}},
            .virtual_routers = std::move(routers)};
}

/// What a killed instance left: VRID 10, whose lease has ended, and VRID 11, which was a Backup.
inline Interface dead_interface() {
    using namespace std::chrono_literals;
    VirtualRouter active{.vrid = 10,
                         .virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a}},
                         .virtual_addresses = {ip("192.0.2.254")},
                         .counters = {.advertisement_rcvd = 40},
                         .lease_remaining = 0ns,
                         .vlan = "7",
                         .lease_end = "2026-11-28T13:15:00Z"};
    VirtualRouter backup{.vrid = 11,
                         .virtual_mac = {{0x00, 0x00, 0x5e, 0x00, 0x01, 0x0b}},
                         .virtual_addresses = {ip("192.0.2.253")},
                         .lease_remaining = 0ns,
                         .heard_ago = 1'500ms};
    return {.name = "eth1",
            .port = "eth1",
            .pins = "/sys/fs/bpf/vrrp-xdp/net-1/eth1",
            .pid = 4712,
            .counters = PortCounters{},
            .filter_entries = {{{{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}}}},
            .virtual_routers = {active, backup}};
}

}  // namespace vrrp_xdp::status

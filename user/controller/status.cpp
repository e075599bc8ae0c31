// SPDX-License-Identifier: BSD-2-Clause
#include "controller/status.hpp"

#include <unistd.h>

#include <chrono>
#include <ctime>

#include "controller/names.hpp"
#include "dataplane/pins.hpp"
#include "net/boot_clock.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::controller {
namespace {

using nlohmann::json;
using protocol::Duration;
using protocol::TimePoint;

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

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

json counters_of(const vrrp_xdp_vr_counters& counters, const Statistics& statistics) {
    json object;
#define VRRP_XDP_COPY(name, help) object[#name] = counters.name;
    VRRP_XDP_VR_COUNTERS(VRRP_XDP_COPY)
    object["master_transitions"] = statistics.master_transitions;
    object["advertisement_sent"] = statistics.advertisement_sent;
    object["priority_zero_pkts_rcvd"] = statistics.priority_zero_pkts_rcvd;
    object["priority_zero_pkts_sent"] = statistics.priority_zero_pkts_sent;
    // The controller counts those that it is told of, the data plane their repetitions.
    object["interval_errors"] = counters.interval_errors + statistics.interval_errors;
    object["address_list_errors"] = counters.address_list_errors + statistics.address_list_errors;
    object["own_advertisements_rcvd"] = statistics.own_advertisements_rcvd;
    return object;
}

json counters_of(const vrrp_xdp_port_counters& counters) {
    json object;
    VRRP_XDP_PORT_COUNTERS(VRRP_XDP_COPY)
#undef VRRP_XDP_COPY
    return object;
}

/// JSON keys are spelt with hyphens, as RFC 8347's are; C's cannot be.
json hyphenated(const json& counters) {
    json result;
    for (const auto& [name, value] : counters.items()) {
        std::string key = name;
        std::replace(key.begin(), key.end(), '_', '-');
        result[key] = value;
    }
    return result;
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
        {"virtual-mac", protocol::MacAddress::of_virtual_router(config.vrid, config.family()).to_string()},
        {"statistics", hyphenated(counters_of(counters, now.statistics))},
    };
    for (const auto& address : config.virtual_addresses)
        status["virtual-addresses"].push_back(address.to_string());
    if (now.election.state != protocol::State::Initialize) {
        status["up-datetime"] = calendar_time(now.since);
        status["skew-time-ms"] = milliseconds(skew_time(config.version, now.priority, interval));
        status["active-down-interval-ms"] =
            milliseconds(active_down_interval(config.version, now.priority, interval));
    }
    if (now.election.state == protocol::State::Active)
        status["lease-remaining-ms"] = milliseconds(now.election.lease - net::boot_now());
    if (now.primary_address) status["primary-address"] = now.primary_address->to_string();
    if (now.heard) {
        status["last-adv-source"] = now.heard->source.to_string();
        status["last-adv-priority"] = now.heard->priority;
        status["last-adv-ms-ago"] = milliseconds(net::boot_now() - now.heard->at);
    }
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
        {"statistics", hyphenated(counters_of(port.port_counters()))},
        {"virtual-routers", json::array()},
    };
    if (!port.mode_reason().empty()) status["mode-reason"] = port.mode_reason();
    for (std::uint32_t i = 0; i < interface.snapshots.size(); ++i)
        status["virtual-routers"].push_back(virtual_router_status(
            interface.virtual_routers[i], interface.snapshots[i], port.counters(interface.slots[i])));
    return status;
}

}  // namespace vrrp_xdp::controller

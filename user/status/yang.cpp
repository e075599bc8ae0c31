// SPDX-License-Identifier: BSD-2-Clause
#include "status/yang.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "protocol/text.hpp"

namespace vrrp_xdp::status {
namespace {

using nlohmann::json;

constexpr std::size_t kMostIpv4Addresses = 16;
constexpr std::size_t kMostIpv6Addresses = 2;
constexpr std::uint64_t kMostSeconds = 254;
constexpr std::uint64_t kLeastCentiseconds = 1;

std::string identity(const std::string& name) { return "ietf-vrrp:" + name; }

/// RFC 7951 §6.1: 64 bits are a string, for many a reader of JSON has only floating-point numbers.
std::string counter64(std::uint64_t count) { return std::to_string(count); }

std::uint64_t in_units(protocol::Duration duration, double units_per_millisecond) {
    return static_cast<std::uint64_t>(std::round(protocol::milliseconds(duration) * units_per_millisecond));
}

std::string name_of(protocol::State state) {
    return identity(state == protocol::State::Active ? "master" : to_string(state));
}

/// What has no name in the model is an event without a meaning.
std::string event_of(protocol::Cause cause) {
    return identity("vrrp-event-" + std::string(text_of(cause).yang_event));
}

json statistics_of(const RouterCounters& counters) {
    return {{"master-transitions", counters.master_transitions},
            {"advertisement-rcvd", counter64(counters.advertisement_rcvd)},
            {"advertisement-sent", counter64(counters.advertisement_sent)},
            {"interval-errors", counter64(counters.interval_errors)},
            {"priority-zero-pkts-rcvd", counter64(counters.priority_zero_pkts_rcvd)},
            {"priority-zero-pkts-sent", counter64(counters.priority_zero_pkts_sent)},
            {"invalid-type-pkts-rcvd", counter64(counters.invalid_type_pkts_rcvd)},
            {"address-list-errors", counter64(counters.address_list_errors)},
            {"packet-length-errors", counter64(counters.packet_length_errors)}};
}

void add_addresses(json& instance, const VirtualRouter& router) {
    const std::string family = to_string(router.family);
    const std::size_t most =
        router.family == protocol::Family::Ipv4 ? kMostIpv4Addresses : kMostIpv6Addresses;
    json list = json::array();
    for (const protocol::IpAddress& address : router.virtual_addresses)
        if (list.size() < most) list.push_back({{family + "-address", address.to_string()}});
    instance["virtual-" + family + "-addresses"]["virtual-" + family + "-address"] = list;
}

json instance_of(const VirtualRouter& router) {
    const RunningRouter& running = *router.running;
    const bool is_version_2 = running.version == protocol::Version::V2;
    json instance{
        {"vrid", router.vrid},
        {"version", identity(is_version_2 ? "vrrp-v2" : "vrrp-v3")},
        {"preempt", {{"enabled", running.preempt}}},
        {"state", name_of(running.state)},
        {"is-owner", running.is_owner},
        {"last-event", event_of(running.cause)},
        {"statistics", statistics_of(router.counters)},
    };
    add_addresses(instance, router);
    if (!running.is_owner) instance["priority"] = running.priority;
    if (is_version_2)
        instance["advertise-interval-sec"] =
            std::min(in_units(running.advertise_interval, 0.001), kMostSeconds);
    else
        instance["advertise-interval-centi-sec"] =
            std::max(in_units(running.advertise_interval, 0.1), kLeastCentiseconds);
    if (running.heard) instance["last-adv-source"] = running.heard->source.to_string();
    if (!running.up_datetime.empty()) instance["up-datetime"] = running.up_datetime;
    if (running.active_down_interval)
        instance["master-down-interval"] = in_units(*running.active_down_interval, 0.1);
    if (running.skew_time) instance["skew-time"] = in_units(*running.skew_time, 1000);
    if (router.counters.master_transitions == 0)
        instance["new-master-reason"] = "not-master";
    else if (running.state == protocol::State::Active)
        instance["new-master-reason"] = running.is_owner ? "priority" : "no-response";
    return instance;
}

json interface_of(const Interface& interface) {
    json entry{
        {"name", interface.name},
        {"type", interface.port == interface.name ? "iana-if-type:ethernetCsmacd" : "iana-if-type:l2vlan"}};
    for (const VirtualRouter& router : interface.virtual_routers)
        if (router.running)
            entry["ietf-ip:" + to_string(router.family)]["ietf-vrrp:vrrp"]["vrrp-instance"].push_back(
                instance_of(router));
    return entry;
}

struct GlobalCounters {
    std::uint64_t checksum_errors = 0;
    std::uint64_t version_errors = 0;
    std::uint64_t vrid_errors = 0;
    std::uint64_t ip_ttl_errors = 0;

    template <typename Counters>
    void add(const Counters& counters) {
        checksum_errors += counters.checksum_errors;
        version_errors += counters.version_errors;
        vrid_errors += counters.vrid_errors;
        ip_ttl_errors += counters.ip_ttl_errors;
    }
};

/// All ports and all Virtual Routers together: the model has these once.
json global_statistics(const std::vector<const Interface*>& interfaces) {
    GlobalCounters sums;
    std::set<std::string> ports;  // VLANs share theirs
    for (const Interface* interface : interfaces) {
        if (interface->counters && ports.insert(interface->port).second) sums.add(*interface->counters);
        for (const VirtualRouter& router : interface->virtual_routers) sums.add(router.counters);
    }
    return {{"checksum-errors", counter64(sums.checksum_errors)},
            {"version-errors", counter64(sums.version_errors)},
            {"vrid-errors", counter64(sums.vrid_errors)},
            {"ip-ttl-errors", counter64(sums.ip_ttl_errors)}};
}

}  // namespace

json yang_document(const std::vector<Interface>& interfaces) {
    std::vector<const Interface*> running;
    json list = json::array();
    std::size_t virtual_routers = 0;
    for (const Interface& interface : interfaces) {
        if (!interface.running) continue;
        running.push_back(&interface);
        list.push_back(interface_of(interface));
        virtual_routers += interface.virtual_routers.size();
    }
    return {{"ietf-interfaces:interfaces", {{"interface", list}}},
            {"ietf-vrrp:vrrp",
             {{"virtual-routers", virtual_routers},
              {"interfaces", running.size()},
              {"statistics", global_statistics(running)}}}};
}

}  // namespace vrrp_xdp::status

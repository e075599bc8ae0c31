// SPDX-License-Identifier: BSD-2-Clause
#include "status/yang.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace vrrp_xdp::status {
namespace {

using nlohmann::json;

constexpr std::size_t kMostIpv4Addresses = 16;
constexpr std::size_t kMostIpv6Addresses = 2;
constexpr std::uint64_t kMostSeconds = 254;
constexpr std::uint64_t kLeastCentiseconds = 1;

std::string identity(const std::string& name) { return "ietf-vrrp:" + name; }

/// RFC 7951 §6.1: 64 bits are a string, for many a reader of JSON has only floating-point numbers.
std::string counter64(const json& statistics, const char* name) {
    return std::to_string(statistics.value(name, std::uint64_t{0}));
}

std::uint64_t in_units(const json& milliseconds, double units_per_millisecond) {
    return static_cast<std::uint64_t>(std::round(milliseconds.get<double>() * units_per_millisecond));
}

std::string state_of(const json& router) {
    const std::string state = router["state"];
    return identity(state == "active" ? "master" : state);
}

/// What has no name in the model is an event without a meaning.
std::string event_of(const json& router) {
    static const std::map<std::string, const char*> events{
        {"startup", "startup"},
        {"adopted", "startup"},
        {"shutdown", "shutdown"},
        {"interface-up", "interface-up"},
        {"interface-down", "interface-down"},
        {"no-primary-ip-address", "no-primary-ip-address"},
        {"master-timeout", "master-timeout"},
        {"higher-priority-master", "higher-priority-backup"},
    };
    const auto found = events.find(router["last-event"].get<std::string>());
    return identity(std::string("vrrp-event-") + (found == events.end() ? "none" : found->second));
}

json statistics_of(const json& counted) {
    json statistics{{"master-transitions", counted.value("master-transitions", std::uint64_t{0})}};
    for (const char* name :
         {"advertisement-rcvd", "advertisement-sent", "interval-errors", "priority-zero-pkts-rcvd",
          "priority-zero-pkts-sent", "invalid-type-pkts-rcvd", "address-list-errors", "packet-length-errors"})
        statistics[name] = counter64(counted, name);
    return statistics;
}

void add_addresses(json& instance, const json& router, const std::string& family, std::size_t most) {
    json list = json::array();
    for (const json& address : router["virtual-addresses"])
        if (list.size() < most) list.push_back({{family + "-address", address}});
    instance["virtual-" + family + "-addresses"]["virtual-" + family + "-address"] = list;
}

json instance_of(const json& router) {
    const bool is_version_2 = router["version"] == 2;
    const bool is_owner = router["is-owner"];
    json instance{
        {"vrid", router["vrid"]},
        {"version", identity(is_version_2 ? "vrrp-v2" : "vrrp-v3")},
        {"preempt", {{"enabled", router["preempt"]}}},
        {"state", state_of(router)},
        {"is-owner", is_owner},
        {"last-event", event_of(router)},
        {"statistics", statistics_of(router["statistics"])},
    };
    if (!is_owner) instance["priority"] = router["priority"];
    const json& interval = router["advertise-interval-ms"];
    if (is_version_2)
        instance["advertise-interval-sec"] = std::min(in_units(interval, 0.001), kMostSeconds);
    else
        instance["advertise-interval-centi-sec"] = std::max(in_units(interval, 0.1), kLeastCentiseconds);
    for (const char* same : {"last-adv-source", "up-datetime"})
        if (router.contains(same)) instance[same] = router[same];
    if (router.contains("active-down-interval-ms")) {
        instance["master-down-interval"] = in_units(router["active-down-interval-ms"], 0.1);
        instance["skew-time"] = in_units(router["skew-time-ms"], 1000);
    }
    if (router["statistics"].value("master-transitions", std::uint64_t{0}) == 0)
        instance["new-master-reason"] = "not-master";
    else if (router["state"] == "active")
        instance["new-master-reason"] = is_owner ? "priority" : "no-response";
    return instance;
}

json interface_of(const json& interface) {
    json entry{{"name", interface["interface"]},
               {"type", interface["port"] == interface["interface"] ? "iana-if-type:ethernetCsmacd"
                                                                    : "iana-if-type:l2vlan"}};
    for (const json& router : interface["virtual-routers"]) {
        const std::string family = router["address-family"];
        json instance = instance_of(router);
        add_addresses(instance, router, family, family == "ipv4" ? kMostIpv4Addresses : kMostIpv6Addresses);
        entry["ietf-ip:" + family]["ietf-vrrp:vrrp"]["vrrp-instance"].push_back(std::move(instance));
    }
    return entry;
}

/// All ports and all Virtual Routers together: the model has these once.
json global_statistics(const json& interfaces) {
    static constexpr std::array names{"checksum-errors", "version-errors", "vrid-errors", "ip-ttl-errors"};
    std::map<std::string, std::uint64_t> sums;
    const auto add = [&](const json& counted) {
        for (const char* name : names) sums[name] += counted.value(name, std::uint64_t{0});
    };
    std::set<std::string> ports;  // VLANs share theirs
    for (const json& interface : interfaces) {
        if (ports.insert(interface["port"].get<std::string>()).second) add(interface["statistics"]);
        for (const json& router : interface["virtual-routers"]) add(router["statistics"]);
    }
    json statistics;
    for (const char* name : names) statistics[name] = std::to_string(sums[name]);
    return statistics;
}

}  // namespace

json yang_document(const json& interfaces) {
    json running = json::array();
    for (const json& interface : interfaces)
        if (interface["controller"] == "running") running.push_back(interface);

    json list = json::array();
    std::size_t virtual_routers = 0;
    for (const json& interface : running) {
        list.push_back(interface_of(interface));
        virtual_routers += interface["virtual-routers"].size();
    }
    return {{"ietf-interfaces:interfaces", {{"interface", list}}},
            {"ietf-vrrp:vrrp",
             {{"virtual-routers", virtual_routers},
              {"interfaces", running.size()},
              {"statistics", global_statistics(running)}}}};
}

}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
// The status as JSON: its keys and values are what programs of others go by.
#include <gmock/gmock.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "status/json.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

/// The counters that are not 0 are tested by themselves.
json without_counters(json interface) {
    interface.erase("statistics");
    for (json& router : interface["virtual-routers"]) router.erase("statistics");
    return interface;
}

constexpr auto kRunning = R"({
  "controller": "running", "interface": "eth0", "pid": 4711, "port": "eth0", "mode": "native",
  "pins": "/sys/fs/bpf/vrrp-xdp/net-1/eth0", "sending-fails": false, "reconciler": [],
  "virtual-routers": [
    {
      "vrid": 10, "address-family": "ipv4", "version": 3, "state": "active", "last-event": "master-timeout",
      "is-owner": false, "priority": 200, "effective-priority": 220, "preempt": true,
      "advertise-interval-ms": 100.0, "virtual-mac": "00:00:5e:00:01:0a",
      "virtual-addresses": ["192.0.2.254", "192.0.2.253"], "since": "2026-11-28T13:14:05Z",
      "up-datetime": "2026-11-28T13:14:05Z", "skew-time-ms": 14.0625, "active-down-interval-ms": 314.0625,
      "lease-remaining-ms": 182.416898, "takeover-lateness-ms": 0.95291, "primary-address": "192.0.2.1",
      "trackers": [
        {"name": "load", "effect": "value", "state": "up", "detail": "/run/weight holds 20", "value": 20}
      ]
    },
    {
      "vrid": 10, "address-family": "ipv4", "version": 3, "state": "backup", "last-event": "startup",
      "is-owner": false, "priority": 100, "effective-priority": 100, "preempt": true,
      "advertise-interval-ms": 100.0, "virtual-mac": "00:00:5e:00:01:0a",
      "virtual-addresses": ["192.0.2.254", "192.0.2.253"], "since": "2026-11-28T13:14:05Z",
      "up-datetime": "2026-11-28T13:14:05Z", "skew-time-ms": 60.9375, "active-down-interval-ms": 360.9375,
      "primary-address": "192.0.2.2", "last-adv-source": "192.0.2.1", "last-adv-priority": 200,
      "last-adv-ms-ago": 32.1, "trackers": []
    }
  ]
})";

constexpr auto kEveryOption = R"({
  "controller": "running", "interface": "eth0", "pid": 4711, "port": "eth0", "mode": "clsact",
  "mode-reason": "a veth", "pins": "/sys/fs/bpf/vrrp-xdp/net-1/eth0", "sending-fails": true,
  "waiting": "there is no interface eth0; it will be attached when it appears",
  "reconciler": [
    {"item": "mtu", "must": "advertisements fit the MTU", "mended": 0, "differs": "has too small an MTU"},
    {"item": "tags", "must": "nothing hides tags", "mended": 2}
  ],
  "virtual-routers": [
    {
      "vrid": 10, "address-family": "ipv4", "version": 3, "also-version-2": true, "state": "active",
      "last-event": "master-timeout", "is-owner": false, "priority": 200, "effective-priority": 220,
      "preempt": true, "advertise-interval-ms": 100.0, "virtual-mac": "00:00:5e:00:01:0a",
      "virtual-addresses": ["192.0.2.254", "192.0.2.253"], "since": "2026-11-28T13:14:05Z",
      "up-datetime": "2026-11-28T13:14:05Z", "skew-time-ms": 14.0625, "active-down-interval-ms": 314.0625,
      "lease-remaining-ms": -1.5, "takeover-lateness-ms": 0.95291, "primary-address": "192.0.2.1",
      "leaving": true, "preempts-in-ms": 250.0, "sync-group": "both",
      "signing-peer": {"address": "192.0.2.3", "key": 7},
      "trackers": [
        {"name": "uplink", "effect": "fault", "state": "down", "detail": "eth1 is down"},
        {"name": "check", "effect": -50, "state": "unknown", "detail": "its first run has not finished"}
      ]
    }
  ]
})";

constexpr auto kDead = R"({
  "controller": "dead", "interface": "eth1", "pid": 4712, "port": "eth1",
  "pins": "/sys/fs/bpf/vrrp-xdp/net-1/eth1", "filter-entries": ["01:00:5e:00:00:12"],
  "virtual-routers": [
    {
      "vrid": 10, "address-family": "ipv4", "virtual-mac": "00:00:5e:00:01:0a",
      "virtual-addresses": ["192.0.2.254"], "lease-remaining-ms": 0.0, "lease-end": "2026-11-28T13:15:00Z",
      "vlan": "7"
    },
    {
      "vrid": 11, "address-family": "ipv4", "virtual-mac": "00:00:5e:00:01:0b",
      "virtual-addresses": ["192.0.2.253"], "lease-remaining-ms": 0.0, "last-adv-ms-ago": 1500.0
    }
  ]
})";

Interface with_every_option() {
    VirtualRouter router = active_router();
    router.lease_remaining = -1'500us;
    RunningRouter& running = *router.running;
    running.also_version_2 = running.leaving = true;
    running.preempts_in = 250ms;
    running.sync_group = "both";
    running.signing_peer = {ip("192.0.2.3"), 7};
    running.trackers = {
        {.name = "uplink",
         .effect = Tracker::Fault{},
         .state = Tracker::State::Down,
         .detail = "eth1 is down"},
        {.name = "check", .effect = Tracker::Weight{-50}, .detail = "its first run has not finished"}};
    Interface interface = running_interface({router});
    interface.running = {
        .mode = "clsact",
        .mode_reason = "a veth",
        .waiting = "there is no interface eth0; it will be attached when it appears",
        .sending_fails = true,
        .reconciler = {
            {{.name = "mtu", .must = "advertisements fit the MTU", .differs = "has too small an MTU"},
             {.name = "tags", .must = "nothing hides tags", .mended = 2}}}};
    return interface;
}

/// As text: 100 is not 100.0 there.
void expect_golden(const Interface& interface, const char* golden) {
    EXPECT_EQ(without_counters(to_json(interface)).dump(2), json::parse(golden).dump(2));
}

TEST(StatusJson, HasTheKeysAndValuesThatProgramsGoBy) {
    expect_golden(running_interface({active_router(), backup_router()}), kRunning);
    expect_golden(with_every_option(), kEveryOption);
    expect_golden(dead_interface(), kDead);
}

TEST(StatusJson, OfADeadInstance_LacksWhatNobodyKnows) {
    const json unreadable = to_json(Interface{.name = "eth0", .pins = "/p", .error = "no", .hint = "do"});
    EXPECT_EQ(unreadable, json({{"interface", "eth0"},
                                {"controller", "dead"},
                                {"pins", "/p"},
                                {"error", "no"},
                                {"hint", "do"},
                                {"virtual-routers", json::array()}}));
    const json router = to_json(dead_interface())["virtual-routers"][0];
    EXPECT_EQ(router["statistics"]["advertisement-rcvd"], 40);
    EXPECT_FALSE(router["statistics"].contains("advertisement-sent")) << "only the controller knew";
}

TEST(StatusJson, HasEveryCounterByItsName) {
    const json interface = to_json(running_interface({active_router()}));
    const json& statistics = interface["virtual-routers"][0]["statistics"];
    EXPECT_EQ(statistics.size(), router_counters().size());
    EXPECT_EQ(statistics["advertisement-rcvd"], 7);
    EXPECT_EQ(statistics["advertisement-sent"], 18);
    EXPECT_EQ(statistics["master-transitions"], 1);
    EXPECT_EQ(interface["statistics"].size(), port_counters().size());
    EXPECT_EQ(interface["statistics"]["vrid-errors"], 3);
}

TEST(StatusJson, CountersOfControllerAndDataPlane_AreAddedWhereBothCount) {
    vrrp_xdp_vr_counters data_plane{};
    data_plane.interval_errors = 5;
    data_plane.checksum_errors = 2;
    const RouterCounters counters =
        counters_of(data_plane, {.advertisement_sent = 3, .interval_errors = 1, .address_list_errors = 4});
    EXPECT_EQ(
        counters,
        (RouterCounters{
            .checksum_errors = 2, .interval_errors = 6, .address_list_errors = 4, .advertisement_sent = 3}));
}

TEST(StatusJson, IsReadAsItWasWritten) {
    const std::vector<Interface> all{running_interface({active_router(), backup_router()}),
                                     running_interface({initialize_router(protocol::Cause::Faulted)}),
                                     with_every_option(), dead_interface(), Interface{.name = "eth9"}};
    for (const Interface& interface : all) {
        const auto read = from_json(json::parse(to_json(interface).dump()));
        ASSERT_TRUE(read) << read.error().what;
        EXPECT_EQ(*read, interface);
    }
    const auto list = list_from_json(to_json(all));
    ASSERT_TRUE(list) << list.error().what;
    EXPECT_EQ(*list, all);
}

TEST(StatusJson, OfANewerVersion_IsReadWithoutWhatIsUnknown) {
    json newer = to_json(running_interface({active_router()}));
    newer["mood"] = "good";
    newer["statistics"]["jokes"] = 3;
    newer["virtual-routers"][0]["colour"] = {{"red", 1}};
    const auto read = from_json(newer);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, running_interface({active_router()}));
}

TEST(StatusJson, OfAnOlderVersion_IsReadWithoutWhatIsNew) {
    json older = to_json(running_interface({active_router()}));
    for (const char* key : {"reconciler", "sending-fails"}) older.erase(key);
    for (const char* key : {"trackers", "effective-priority"}) older["virtual-routers"][0].erase(key);
    older["virtual-routers"][0]["statistics"].erase("advertisement-rcvd");
    const auto read = from_json(older);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->virtual_routers[0].running->effective_priority, 200);
    EXPECT_EQ(read->virtual_routers[0].counters.advertisement_rcvd, 0U);
    EXPECT_EQ(read->running->reconciler, std::nullopt);
}

TEST(StatusJson, WithoutWhatIsNeeded_IsAnErrorThatNamesIt) {
    const json whole = to_json(running_interface({active_router()}));
    for (const char* key : {"interface", "controller", "pins", "mode", "virtual-routers"}) {
        json part = whole;
        part.erase(key);
        const auto read = from_json(part);
        ASSERT_FALSE(read) << key;
        EXPECT_THAT(read.error().what, HasSubstr("\"" + std::string(key) + "\" is missing"));
        EXPECT_THAT(read.error().hint, HasSubstr("another version"));
    }
    for (const char* key :
         {"vrid", "address-family", "state", "last-event", "priority", "virtual-addresses"}) {
        json part = whole;
        part["virtual-routers"][0].erase(key);
        const auto read = from_json(part);
        ASSERT_FALSE(read) << key;
        EXPECT_THAT(read.error().what,
                    HasSubstr("\"virtual-routers\": \"" + std::string(key) + "\" is missing"));
    }
}

/// Every value in turn becomes each of these: nothing throws, and nothing is taken for what it is not.
TEST(StatusJson, OfAnyOtherKind_IsAnErrorAndNothingWorse) {
    const std::vector<json> others{nullptr, true,           -1,     1e300,        "nonsense",
                                   256,     json::object(), {1, 2}, json::array()};
    const json whole = to_json(with_every_option());
    const json flat = whole.flatten();
    for (const auto& [pointer, value] : flat.items())
        for (const json& other : others) {
            json changed = whole;
            changed[json::json_pointer(pointer)] = other;
            const auto read = from_json(changed);
            if (!read) {
                EXPECT_FALSE(read.error().what.empty());
                continue;
            }
            EXPECT_EQ(json(to_json(*read)).type(), json::value_t::object) << pointer << " " << other;
        }
    for (const json& other : others) {
        EXPECT_FALSE(from_json(other)) << other;
        EXPECT_FALSE(list_from_json(other)) << other;
        EXPECT_FALSE(list_from_json({{"interfaces", {other}}})) << other;
    }
}

TEST(StatusJson, WrongValues_AreNamed) {
    const json whole = to_json(running_interface({active_router()}));
    const auto said_of = [&](const char* key, const json& value) {
        json changed = whole;
        changed["virtual-routers"][0][key] = value;
        const auto read = from_json(changed);
        return read ? "nothing" : read.error().what;
    };
    EXPECT_THAT(said_of("state", "asleep"), HasSubstr(R"("virtual-routers": "state" is "asleep")"));
    EXPECT_THAT(said_of("last-event", "luck"), HasSubstr(R"("last-event" is "luck")"));
    EXPECT_THAT(said_of("vrid", 0), HasSubstr(R"("vrid" is 0)"));
    EXPECT_THAT(said_of("vrid", 256), HasSubstr(R"("vrid" is 256)"));
    EXPECT_THAT(said_of("priority", 1.5), HasSubstr(R"("priority" is 1.5)"));
    EXPECT_THAT(said_of("advertise-interval-ms", 1e18), HasSubstr(R"("advertise-interval-ms" is 1e+18)"));
    for (const std::string mac : {"", "00:00", "02-ab-cd-ef-00-ff", "02:ab:cd:ef:00:fg", "0x:ab:cd:ef:00:ff",
                                  "02:ab:cd:ef:0:fff", "02:ab:cd:ef:00:ff:"})
        EXPECT_THAT(said_of("virtual-mac", mac), HasSubstr("\"virtual-mac\" is \"" + mac + "\""));
    EXPECT_THAT(said_of("virtual-addresses", {"192.0.2.1", "host"}),
                HasSubstr(R"("virtual-addresses" has "host")"));
}

TEST(StatsJson, HasTheCounters_AndWhoseTheyAre) {
    const json all = counters_to_json({running_interface({active_router()}), dead_interface()});
    const json& router = all["interfaces"][0]["virtual-routers"][0];
    EXPECT_EQ(router.size(), 3U);
    EXPECT_EQ(router["vrid"], 10);
    EXPECT_EQ(router["address-family"], "ipv4");
    EXPECT_EQ(router["statistics"]["advertisement-rcvd"], 7);
    EXPECT_EQ(all["interfaces"][1]["controller"], "dead");
    EXPECT_EQ(all["interfaces"][1]["virtual-routers"][0]["vlan"], "7");
}

TEST(ExplainJson, HasWhatExplainSays) {
    const VirtualRouter router = backup_router();
    const Interface interface = running_interface({router});
    const json said = to_json(interface, router, explain(interface, router));
    EXPECT_EQ(said["state"], "backup");
    EXPECT_EQ(said["last-event"], "startup");
    EXPECT_EQ(said["interface"], "eth0");
    EXPECT_EQ(said["warnings"], json::array());
    EXPECT_EQ(said["reconciler"], json::array());
    EXPECT_EQ(said["why"], explain(interface, router).state);
    const Interface dead = dead_interface();
    const json of_dead = to_json(dead, dead.virtual_routers[0], Explanation{});
    EXPECT_FALSE(of_dead.contains("state"));
    EXPECT_EQ(of_dead["vlan"], "7");
}

}  // namespace
}  // namespace vrrp_xdp::status

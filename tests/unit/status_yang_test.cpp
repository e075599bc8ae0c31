// SPDX-License-Identifier: BSD-2-Clause
// The status as RFC 8347 models it; tests/lab/test_yang.py has a validator judge it.
#include <gtest/gtest.h>

#include <chrono>

#include "status/yang.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

/// The entry of the only Virtual Router.
json entry_of(const VirtualRouter& router) {
    const json document = yang_document({running_interface({router})});
    const std::string family = router.family == protocol::Family::Ipv4 ? "ietf-ip:ipv4" : "ietf-ip:ipv6";
    return document["ietf-interfaces:interfaces"]["interface"][0][family]["ietf-vrrp:vrrp"]["vrrp-instance"]
                   [0];
}

TEST(YangDocument, Active_IsTheMaster) {
    const json entry = entry_of(active_router());
    EXPECT_EQ(entry["vrid"], 10);
    EXPECT_EQ(entry["state"], "ietf-vrrp:master");
    EXPECT_EQ(entry["version"], "ietf-vrrp:vrrp-v3");
    EXPECT_EQ(entry["priority"], 200) << "the configured one";
    EXPECT_EQ(entry["last-event"], "ietf-vrrp:vrrp-event-master-timeout");
    EXPECT_EQ(entry["new-master-reason"], "no-response");
    EXPECT_EQ(entry["advertise-interval-centi-sec"], 10);
    EXPECT_EQ(entry["skew-time"], 14063) << "microseconds";
    EXPECT_EQ(entry["master-down-interval"], 31) << "centiseconds";
    EXPECT_EQ(entry["up-datetime"], "2026-11-28T13:14:05Z");
    EXPECT_EQ(entry["statistics"]["advertisement-sent"], "18") << "64 bits are a string (RFC 7951 6.1)";
    EXPECT_EQ(entry["statistics"]["master-transitions"], 1);
    EXPECT_FALSE(entry.contains("last-adv-source"));
}

TEST(YangDocument, Backup_SaysWhomItHears) {
    VirtualRouter router = backup_router();
    router.counters = {};
    router.running->cause = protocol::Cause::HigherPriority;
    const json entry = entry_of(router);
    EXPECT_EQ(entry["state"], "ietf-vrrp:backup");
    EXPECT_EQ(entry["last-event"], "ietf-vrrp:vrrp-event-higher-priority-backup");
    EXPECT_EQ(entry["last-adv-source"], "192.0.2.1");
    EXPECT_EQ(entry["new-master-reason"], "not-master");
}

TEST(YangDocument, WhatTheModelHasNoWordFor_IsAnEventWithoutAMeaning) {
    const json entry = entry_of(initialize_router(protocol::Cause::DataPlaneGone));
    EXPECT_EQ(entry["state"], "ietf-vrrp:initialize");
    EXPECT_EQ(entry["last-event"], "ietf-vrrp:vrrp-event-none");
    for (const char* key : {"up-datetime", "skew-time", "master-down-interval"})
        EXPECT_FALSE(entry.contains(key)) << key;
}

TEST(YangDocument, Owner_HasNoPriorityThere) {
    VirtualRouter router = active_router();
    router.running->is_owner = true;
    const json entry = entry_of(router);
    EXPECT_EQ(entry["is-owner"], true);
    EXPECT_FALSE(entry.contains("priority"));
    EXPECT_EQ(entry["new-master-reason"], "priority");
}

TEST(YangDocument, IntervalsOfVersion2_AreSeconds_AndWithinTheModel) {
    VirtualRouter router = active_router();
    router.running->version = protocol::Version::V2;
    router.running->advertise_interval = 255s;
    EXPECT_EQ(entry_of(router)["advertise-interval-sec"], 254);
    EXPECT_EQ(entry_of(router)["version"], "ietf-vrrp:vrrp-v2");
    EXPECT_FALSE(entry_of(router).contains("advertise-interval-centi-sec"));
    router.running->version = protocol::Version::V3;
    router.running->advertise_interval = 3ms;
    EXPECT_EQ(entry_of(router)["advertise-interval-centi-sec"], 1) << "the least that the model can say";
}

TEST(YangDocument, HasRoomForSomeAddresses) {
    VirtualRouter router = active_router();
    router.virtual_addresses.assign(20, ip("192.0.2.7"));
    EXPECT_EQ(entry_of(router)["virtual-ipv4-addresses"]["virtual-ipv4-address"].size(), 16U);
    router.family = protocol::Family::Ipv6;
    router.virtual_addresses = {ip("fe80::1"), ip("2001:db8::1"), ip("2001:db8::2")};
    const json list = entry_of(router)["virtual-ipv6-addresses"]["virtual-ipv6-address"];
    EXPECT_EQ(list, json({{{"ipv6-address", "fe80::1"}}, {{"ipv6-address", "2001:db8::1"}}}));
}

TEST(YangDocument, CountsAllOfIt_WithoutDeadInstances) {
    VirtualRouter router = active_router();
    router.counters.checksum_errors = 2;
    Interface vlan = running_interface({router});
    vlan.name = "eth0.7";
    const json document =
        yang_document({running_interface({router, backup_router()}), vlan, dead_interface()});
    const json& ours = document["ietf-vrrp:vrrp"];
    EXPECT_EQ(ours["virtual-routers"], 3);
    EXPECT_EQ(ours["interfaces"], 2);
    EXPECT_EQ(ours["statistics"]["checksum-errors"], "4");
    EXPECT_EQ(ours["statistics"]["vrid-errors"], "3") << "of the port, once";
    const json& interfaces = document["ietf-interfaces:interfaces"]["interface"];
    EXPECT_EQ(interfaces[0]["type"], "iana-if-type:ethernetCsmacd");
    EXPECT_EQ(interfaces[1]["type"], "iana-if-type:l2vlan");
}

TEST(YangDocument, OfNobody_IsEmpty) { EXPECT_EQ(yang_document({})["ietf-vrrp:vrrp"]["interfaces"], 0); }

}  // namespace
}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
// What the configurations of two routers disagree about.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "pair/compare.hpp"
#include "pair/json.hpp"
#include "pair/text.hpp"

namespace vrrp_xdp::pair {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// One Virtual Router on eth0. more: its keys beside vrid.
std::string one(const std::string& more) {
    return "interfaces:\n  eth0:\n    virtual-routers:\n      - vrid: 10\n        " + more + "\n";
}

/// A priority and an address, and what a test adds to them.
std::string high(const std::string& more = "preempt: true") {
    return one("priority: 200\n        virtual-addresses: [192.0.2.254]\n        " + more);
}
std::string low(const std::string& more = "preempt: true") {
    return one("priority: 100\n        virtual-addresses: [192.0.2.254]\n        " + more);
}

Side side(const std::string& name, const std::string& text) {
    auto loaded = config::parse_with_origins(text, name);
    if (!loaded) {
        ADD_FAILURE() << loaded.error().front().to_string(name);
        return {name, {}, {}, false};
    }
    return {name, std::move(loaded->config), std::move(loaded->origins), false};
}

Comparison compared(const std::string& a, const std::string& b) {
    return compare({side("a", a), side("b", b)});
}

std::vector<std::string> told(const std::string& a, const std::string& b) {
    std::vector<std::string> texts;
    for (const Finding& finding : compared(a, b).findings) texts.push_back(text_of(finding));
    return texts;
}

TEST(Pair_Agrees, WhenOnlyTheirPrioritiesDiffer) {
    const Comparison comparison = compared(high(), low());
    EXPECT_THAT(comparison.findings, IsEmpty());
    EXPECT_EQ(summary_of(comparison, {"a", "b"}), "a and b agree on 1 Virtual Router");
    EXPECT_EQ(roles_of(comparison, {"a", "b"}),
              "eth0 vrid 10 IPv4: Active is a (priority 200), Backup is b (priority 100)\n");
    EXPECT_EQ(roles_of(compared(low(), high()), {"a", "b"}),
              "eth0 vrid 10 IPv4: Active is b (priority 200), Backup is a (priority 100)\n");
}

TEST(Pair_Agrees, WhateverIsLocal) {
    EXPECT_THAT(told(high("preempt-delay: 3s"), low("announcements: {repeat: 3}")), IsEmpty());
}

TEST(Pair_Tells, WhatBothFilesSay_WithTheirPlaces) {
    EXPECT_THAT(
        told(high("version: 2"), low("version: 2\n        advertise-interval: 2s")),
        ElementsAre("mistake: eth0 vrid 10 IPv4: the intervals differ: version 2 discards an "
                    "advertisement with another interval than its own, so both routers would be Active\n"
                    "  a:4:9: advertise-interval: 1s\n"
                    "  b:8:29: advertise-interval: 2s\n"));
}

struct Case {
    std::string name;
    std::string a;
    std::string b;
    std::string severity;
    std::string key;
};

class PairFinds : public testing::TestWithParam<Case> {};

TEST_P(PairFinds, OneDisagreement_TheSameFromBothSides) {
    const auto& [name, a, b, severity, key] = GetParam();
    for (const Comparison& comparison : {compared(a, b), compared(b, a)}) {
        ASSERT_EQ(comparison.findings.size(), 1U);
        const Finding& finding = comparison.findings.front();
        EXPECT_EQ(finding.key, key);
        EXPECT_EQ(finding.severity == Severity::Mistake ? "mistake" : "warning", severity) << finding.message;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Disagreements, PairFinds,
    testing::Values(
        Case{"Versions", high("version: 2"), low(), "mistake", "version"},
        Case{"IntervalsOfVersion2", high("version: 2"), low("version: 2\n        advertise-interval: 3s"),
             "mistake", "advertise-interval"},
        Case{"IntervalsOfVersion2Alone", high("version: 2+3"),
             low("version: 2\n        advertise-interval: 3s"), "mistake", "advertise-interval"},
        Case{"IntervalsOfVersion3", high(), low("advertise-interval: 100ms"), "warning",
             "advertise-interval"},
        Case{"IntervalsThatTheWireCannotTellApart",
             high("sub-centisecond: true\n        advertise-interval: 2ms"), low("advertise-interval: 10ms"),
             "mistake", "advertise-interval"},
        Case{"Addresses", one("priority: 200\n        virtual-addresses: [192.0.2.254, 192.0.2.1]"), low(),
             "mistake", "virtual-addresses"},
        Case{"OrderOfAddresses", one("priority: 200\n        virtual-addresses: [192.0.2.1, 192.0.2.2]"),
             one("virtual-addresses: [192.0.2.2, 192.0.2.1]"), "warning", "virtual-addresses"},
        Case{"UnadvertisedAddresses", high("unadvertised-addresses: [192.0.2.1]"), low(), "mistake",
             "unadvertised-addresses"},
        Case{"OneSecret", high("version: 2\n        authentication: one"), low("version: 2"), "mistake",
             "authentication"},
        Case{"Secrets", high("version: 2\n        authentication: one"),
             low("version: 2\n        authentication: two"), "mistake", "authentication"},
        Case{"Checksums", high("checksum: message-only"), low(), "warning", "checksum"},
        Case{"UnicastAndMulticast", high("unicast-peers: [192.0.2.2]"), low(), "mistake", "unicast-peers"},
        Case{"PeersThatAreTheSame", high("unicast-peers: [192.0.2.2]"), low("unicast-peers: [192.0.2.2]"),
             "mistake", "unicast-peers"},
        Case{"APeerThatIsNotNamed", high("unicast-peers: [192.0.2.2]\n        source-address: 192.0.2.1"),
             low("unicast-peers: [192.0.2.3]"), "mistake", "unicast-peers"},
        Case{"MinimumTtl", high("unicast-peers: [192.0.2.2]\n        minimum-ttl: 254"),
             low("unicast-peers: [192.0.2.1]"), "warning", "minimum-ttl"},
        Case{"EqualPriorities", low(), low(), "warning", "priority"},
        Case{"TwoOwners", one("priority: 255\n        virtual-addresses: [192.0.2.254]"),
             one("priority: 255\n        virtual-addresses: [192.0.2.254]"), "mistake", "priority"},
        Case{"VirtualMac", high("virtual-mac: false"), low(), "warning", "virtual-mac"},
        Case{"AcceptMode", high("accept-mode: true"), low(), "warning", "accept-mode"}),
    [](const auto& info) { return info.param.name; });

TEST(Pair_FindsNothing, WhereBothSpeakVersion3) {
    EXPECT_THAT(told(high("version: 2+3"), low("version: 3")), IsEmpty());
}

TEST(Pair_Tells, WhichAddressesOnlyOneHas) {
    EXPECT_THAT(told(one("priority: 200\n        virtual-addresses: [192.0.2.254, 192.0.2.1]"),
                     one("virtual-addresses: [192.0.2.254, 192.0.2.2, 192.0.2.3]")),
                ElementsAre(AllOf(HasSubstr("  a:6:42: only here: 192.0.2.1\n"),
                                  HasSubstr("  b:5:42: only here: 192.0.2.2, 192.0.2.3\n"))));
}

TEST(Pair_Tells, NoSecret) {
    const auto texts = told(high("version: 2\n        authentication: letmein"), low("version: 2"));
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_THAT(texts.front(), testing::Not(HasSubstr("letmein")));
}

TEST(Pair_Matches, InterfacesOfOtherNames) {
    std::string other = low();
    other.replace(other.find("eth0"), 4, "ens3");
    const Comparison comparison = compared(high(), other);
    EXPECT_THAT(comparison.findings, IsEmpty());
    EXPECT_THAT(roles_of(comparison, {"a", "b"}), HasSubstr("eth0 and ens3 vrid 10 IPv4: "));
}

/// The same VRID on two interfaces, whose names are swapped on the other host.
TEST(Pair_Matches, ByTheirAddresses) {
    const auto two = [](const std::string& first, const std::string& second, const char* priority) {
        const auto router = [&](const char* address) {
            return std::string(": {virtual-routers: [{vrid: 10, priority: ") + priority +
                   ", virtual-addresses: [" + address + "]}]}\n";
        };
        return "interfaces:\n  " + first + router("192.0.2.254") + "  " + second + router("198.51.100.1");
    };
    EXPECT_THAT(told(two("eth0", "eth1", "200"), two("eth1", "eth0", "100")), IsEmpty());
}

TEST(Pair_Finds, AVirtualRouterThatOnlyOneHas) {
    const std::string more = "      - {vrid: 11, priority: 200, virtual-addresses: [192.0.2.1]}\n";
    const auto texts = told(high() + more, low());
    EXPECT_EQ(texts, std::vector<std::string>{"mistake: eth0 vrid 11 IPv4: it is not in b: nobody takes over "
                                              "for this router\n  a:8:16: vrid: 11\n"});
    EXPECT_THAT(told(low(), high() + more), ElementsAre(HasSubstr("it is not in a")));
}

TEST(Pair_Finds, AnAddressUnderTwoVrids) {
    std::string other = low();
    other.replace(other.find("vrid: 10"), 8, "vrid: 11");
    EXPECT_THAT(told(high(), other),
                ElementsAre(AllOf(HasSubstr("the VRIDs"), HasSubstr("  a:4:15: vrid: 10\n"),
                                  HasSubstr("  b:4:15: vrid: 11\n"))));
}

std::string grouped(const std::string& first, const std::string& second, const char* priority) {
    const auto router = [&](int vrid, const std::string& group) {
        return "      - {vrid: " + std::to_string(vrid) + ", priority: " + priority +
               (group.empty() ? "" : ", sync-group: " + group) + ", virtual-addresses: [192.0.2." +
               std::to_string(vrid) + "]}\n";
    };
    return "interfaces:\n  eth0:\n    virtual-routers:\n" + router(10, first) + router(11, first) +
           router(12, second) + router(13, second);
}

TEST(Pair_ComparesSyncGroups, ByTheirMembersAndNotTheirNames) {
    EXPECT_THAT(told(grouped("x", "y", "200"), grouped("y", "z", "100")), IsEmpty());
}

TEST(Pair_ComparesSyncGroups, AndTellsEachDifferenceOnce) {
    EXPECT_THAT(
        told(grouped("x", "y", "200"), grouped("x", "", "100")),
        ElementsAre(AllOf(HasSubstr("mistake: eth0 vrid 12 IPv4: the Virtual Routers that move together"),
                          HasSubstr("sync-group: y, with eth0 vrid 13 IPv4"), HasSubstr("it moves alone"))));
    EXPECT_THAT(told(grouped("x", "x", "200"), grouped("x", "y", "100")), testing::SizeIs(1));
}

TEST(Pair_Judges, KeepalivedByItsOwnRules) {
    Side other = side("b", low("checksum: message-only"));
    other.is_keepalived = true;
    const Comparison comparison = compare({side("a", high()), other});
    ASSERT_EQ(comparison.findings.size(), 1U);
    EXPECT_EQ(comparison.findings.front().severity, Severity::Mistake);
}

TEST(PairJson, HasAllThatTheTextSays) {
    const auto json = to_json(compared(high("version: 2"), low()), {"a", "b"});
    EXPECT_EQ(json["mistakes"], 1);
    EXPECT_EQ(json["virtual-routers"][0]["active"], "a");
    EXPECT_EQ(json["findings"][0]["said"][0],
              (nlohmann::json{{"file", "a"}, {"line", 7}, {"column", 18}, {"text", "version: 2"}}));
}

}  // namespace
}  // namespace vrrp_xdp::pair

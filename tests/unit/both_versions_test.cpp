// SPDX-License-Identifier: BSD-2-Clause
// Virtual Routers that speak version 3 and version 2 at once, RFC 9568 §8.4.
#include <gmock/gmock.h>

#include <string>

#include "config/load.hpp"
#include "config_outcome.hpp"
#include "protocol/state_machine.hpp"
#include "router.hpp"

namespace vrrp_xdp {
namespace {

using namespace std::chrono_literals;
using protocol::AdvertisementReceived;
using protocol::Discard;
using protocol::Duration;
using protocol::ip;
using protocol::Parameters;
using protocol::Router;
using protocol::State;
using protocol::Version;

// ---- Configuration

/// A Virtual Router with more keys, from line 5, column 9 on.
std::string with(const std::string& keys, const std::string& address = "192.0.2.254") {
    return "interfaces:\n  eth0:\n    virtual-routers:\n      - virtual-addresses: [" + address +
           "]\n        " + keys + "\n        vrid: 10\n";
}

config::VirtualRouter router_with(const std::string& keys) {
    return config::parse(with(keys)).value().interfaces.at(0).virtual_routers.at(0);
}

TEST(BothVersions, AreOneValueOfTheKey_AndVersion3ComesFirst) {
    for (const char* key : {"version: 2+3", "version: '2+3'"}) {
        const auto router = router_with(key);
        EXPECT_EQ(router.version, Version::V3);
        EXPECT_TRUE(router.also_version_2);
        EXPECT_THAT(router.versions(), testing::ElementsAre(Version::V3, Version::V2));
    }
    EXPECT_THAT(router_with("version: 2").versions(), testing::ElementsAre(Version::V2));
    EXPECT_THAT(router_with("version: 3").versions(), testing::ElementsAre(Version::V3));
    EXPECT_EQ(config::reported(with("version: 3+2")),
              "file:5:18: version must be 2, 3 or 2+3, not \"3+2\"\n");
}

TEST(BothVersions, HaveAChoiceOfTheChecksum_InVersion3) {
    EXPECT_EQ(router_with("version: 2+3\n        checksum: message-only").checksum,
              config::Checksum::MessageOnly);
    EXPECT_EQ(router_with("version: 2+3").checksum, config::Checksum::PseudoHeader);
}

TEST(BothVersions, HaveAnIntervalThatBothCanSay) {
    EXPECT_EQ(router_with("version: 2+3\n        advertise-interval: 40s").advertise_interval, 40s);
    const auto refused = [](const std::string& interval) {
        return "file:6:29: advertise-interval must be 1s to 40s in whole seconds (version 2+3), not \"" +
               interval + "\"\n";
    };
    for (const std::string interval : {"100ms", "1.5s", "41s"})
        EXPECT_EQ(config::reported(with("version: 2+3\n        advertise-interval: " + interval)),
                  refused(interval));
    EXPECT_EQ(
        config::reported(with("version: 2+3\n        sub-centisecond: true")),
        "file:6:26: sub-centisecond is for version 3: version 2 counts whole seconds; remove the key\n");
}

TEST(BothVersions, AreForIpv4) {
    EXPECT_EQ(config::reported(with("version: 2+3", "fe80::1")),
              "file:5:18: version must be 3 for IPv6 addresses, not \"2+3\": version 2 supports only IPv4\n");
}

// ---- State machine

constexpr const char* kLeader = "192.0.2.20";
constexpr const char* kOther = "192.0.2.30";

Parameters both(int priority = 100, Duration interval = 2s) {
    Parameters parameters = protocol::configured(priority);
    parameters.advertise_interval = interval;
    parameters.also_version_2 = true;
    return parameters;
}

Router& hear(Router& router, Version version, std::uint8_t priority = 200, const char* source = kLeader,
             Duration interval = 2s) {
    return router.on(AdvertisementReceived{priority, ip(source), interval, version});
}

TEST(BothVersions_Backup, IgnoresVersion2_OfWhomItHearsInVersion3) {
    auto router = Router::backup(both());
    hear(router, Version::V3);
    EXPECT_TRUE(router.followed);
    const auto before = router.election;
    hear(router.after(1ms), Version::V2);
    EXPECT_EQ(router.discard, Discard::SaidInVersion3);
    EXPECT_FALSE(router.followed);
    EXPECT_EQ(router.election, before);
}

TEST(BothVersions_Backup, FollowsWhoSpeaksVersion2Alone_WithTheSkewTimeOfVersion2) {
    auto router = Router::backup(both());
    for (int i = 0; i < 3; ++i) {
        hear(router.after(2s), Version::V2);
        EXPECT_TRUE(router.followed);
        EXPECT_EQ(router.election.timer, router.now + 6s + 156 * Duration(1s) / 256);
    }
    hear(router, Version::V2, protocol::kFarewell);
    EXPECT_EQ(router.election.timer, router.now + 156 * Duration(1s) / 256);
}

TEST(BothVersions_Backup, LearnsTheIntervalOfVersion2Too) {
    auto router = Router::backup(both());
    hear(router, Version::V2, 200, kLeader, 3s);
    EXPECT_EQ(router.discard, std::nullopt);
    EXPECT_EQ(router.election.active_adver_interval, 3s);
}

TEST(BothVersions_Backup, PrefersVersion3_OnceItIsHeard) {
    auto router = Router::backup(both());
    hear(router, Version::V2);
    hear(router.after(1ms), Version::V3);
    EXPECT_TRUE(router.followed);
    EXPECT_EQ(router.election.timer, router.now + 6s + 156 * Duration(2s) / 256);
    hear(router.after(2s), Version::V2);
    EXPECT_EQ(router.discard, Discard::SaidInVersion3);
}

TEST(BothVersions_Backup, GoesBackToVersion2_WhenVersion3IsSilent) {
    auto router = Router::backup(both());
    hear(router, Version::V3);
    router.after(4s).on(protocol::ActiveHeard{router.now});  // as the data plane heard it
    hear(router.after(2s), Version::V2);
    EXPECT_EQ(router.discard, Discard::SaidInVersion3) << "one may be lost";
    hear(router.after(2s), Version::V2);
    EXPECT_TRUE(router.followed);
    EXPECT_EQ(router.election.timer, router.now + 6s + 156 * Duration(1s) / 256);
}

TEST(BothVersions_Backup, TakesAFarewell_InWhicheverVersionItComes) {
    for (const Version version : {Version::V2, Version::V3}) {
        auto router = Router::backup(both());
        hear(router, Version::V3);
        hear(router.after(1s), version, protocol::kFarewell);
        EXPECT_EQ(router.election.timer, router.now + 156 * Duration(2s) / 256);
        EXPECT_TRUE(router.election.dismissed);
    }
}

TEST(BothVersions_Backup, HearsVersion2OfOthers) {
    auto router = Router::backup(both());
    hear(router, Version::V3);
    hear(router.after(1s), Version::V2, 150, kOther);
    EXPECT_TRUE(router.followed);
    hear(router.after(1s), Version::V2, 50, kOther);
    EXPECT_EQ(router.discard, std::nullopt) << "a worse one is not followed, for it preempts";
    EXPECT_FALSE(router.followed);
}

TEST(BothVersions_Backup, ReckonsWithItsOwnSkewTimeAgain_WithoutVersion2) {
    auto router = Router::backup(both());
    hear(router, Version::V2);
    const Parameters before = router.parameters;
    router.parameters.also_version_2 = false;
    router.on(protocol::ParametersChanged{before});
    EXPECT_EQ(router.election.timer, router.now + 6s + 156 * Duration(2s) / 256);
}

TEST(BothVersions_Active, YieldsToABetterOneOfEitherVersion_AndOutbidsAWorseOne) {
    for (const Version version : {Version::V2, Version::V3}) {
        auto worse = Router::active(both());
        hear(worse, version, 50);
        EXPECT_EQ(worse.election.state, State::Active);
        EXPECT_TRUE(worse.actions.advertise);
        auto better = Router::active(both());
        hear(better, version, 200);
        EXPECT_EQ(better.election.state, State::Backup);
        EXPECT_TRUE(better.followed);
        EXPECT_EQ(better.election.follows_version_2, version == Version::V2);
    }
}

}  // namespace
}  // namespace vrrp_xdp

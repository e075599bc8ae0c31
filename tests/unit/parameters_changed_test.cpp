// SPDX-License-Identifier: BSD-2-Clause
// What becomes of an election whose priority or interval changes while it runs.
#include <gmock/gmock.h>

#include "protocol/state_machine.hpp"
#include "router.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

Router& change_priority(Router& router, int value) {
    const Parameters before = router.parameters;
    router.parameters.priority = priority(value);
    return router.on(ParametersChanged{before});
}

TEST(ParametersChanged, Active_AdvertisesAtOnce_AndKeepsItsLease) {
    auto router = Router::active();
    const auto before = router.election;
    change_priority(router.after(400ms), 50);
    EXPECT_EQ(router.actions, kAdvertise);
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.lease, before.lease);
    EXPECT_EQ(router.election.timer, router.next_advertisement());
}

TEST(ParametersChanged, Active_CutsItsLease_ToThreeOfAShorterInterval) {
    auto router = Router::active();
    const Parameters before = router.parameters;
    router.parameters.advertise_interval = 100ms;
    router.after(400ms).on(ParametersChanged{before});
    EXPECT_EQ(router.election.lease, router.now + 400ms);
    EXPECT_EQ(router.actions, kAdvertise);
}

TEST(ParametersChanged, Active_YieldsByItsNewPriority) {
    auto router = Router::active(configured(200));
    change_priority(router, 50).hear(100);
    EXPECT_EQ(router.election.state, State::Backup);
}

TEST(ParametersChanged, Backup_CountsPatienceFromWhenTheActiveWasLastHeard) {
    for (const int value : {1, 50, 150, 254}) {
        auto router = Router::backup();
        router.after(500ms).hear(200, "192.0.2.20", 2s);
        const auto heard = router.now;
        change_priority(router.after(300ms), value);
        EXPECT_EQ(router.election.timer, heard + router.patience(2s)) << value;
        EXPECT_EQ(router.election.active_adver_interval, 2s);
        EXPECT_EQ(router.actions, kNothing);
    }
}

TEST(ParametersChanged, Backup_WaitsItsNewSkewTime_AfterAFarewell) {
    auto router = Router::backup();
    router.hear(200).after(500ms).hear(kFarewell);
    const auto farewell = router.now;
    change_priority(router, 254);
    EXPECT_EQ(router.election.timer, farewell + router.skew());
}

TEST(ParametersChanged, Backup_JudgesWhatItFollowedByTheNewPriority) {
    auto router = Router::backup();
    router.hear(150);
    const auto heard = router.now;
    change_priority(router, 200);
    EXPECT_FALSE(router.election.following)
        << "what the data plane recognises must no longer put the timer off";
    router.after(1s).on(ActiveHeard{router.now}).hear(150);
    EXPECT_FALSE(router.followed);
    EXPECT_EQ(router.election.timer, heard + router.patience());
    EXPECT_EQ(router.expire().election.state, State::Active);
}

TEST(ParametersChanged, Backup_FollowsAgain_WhatIsStillBetter) {
    auto router = Router::backup();
    change_priority(router.hear(150), 50).after(1s).hear(150);
    EXPECT_TRUE(router.followed);
    EXPECT_EQ(router.election.timer, router.now + router.patience());
}

TEST(ParametersChanged, Initialize_StaysAsItIs) {
    Router router;
    change_priority(router, 50);
    EXPECT_EQ(router.election, Election{});
    EXPECT_EQ(router.actions, kNothing);
}

TEST(ParametersChanged, ALateWake_ListensWithTheNewPriority) {
    auto router = Router::active();
    change_priority(router.at(router.election.lease), 50);
    EXPECT_EQ(router.election, (Election{State::Backup, Cause::LeaseExpired, kInterval,
                                         router.now + router.patience(), kNoLease}));
    EXPECT_EQ(router.actions, kNothing);
}

}  // namespace
}  // namespace vrrp_xdp::protocol

// SPDX-License-Identifier: BSD-2-Clause
// RFC 9568 §6.4, a row of its tables a test. What the lease adds is in lease_test.cpp.
#include "protocol/state_machine.hpp"

#include <gmock/gmock.h>

#include "router.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

/// Nothing but actions, if any, came of the last event.
#define EXPECT_UNTOUCHED(router, before) EXPECT_EQ((router).election, before)

// ---- Initialize, §6.4.1

TEST(StateMachine, Initialize_BecomesBackup_OnStartup_rfc9568_6_4_1) {
    Router router;
    router.on(Startup{Cause::InterfaceUp});
    EXPECT_EQ(router.election,
              (Election{State::Backup, Cause::InterfaceUp, kInterval, kStart + router.patience(), kNoLease}));
    EXPECT_EQ(router.actions, kNothing);
}

TEST(StateMachine, Initialize_BecomesActive_OnStartupOfTheOwner_rfc9568_6_4_1) {
    Router router(configured(255));
    router.on(Startup{});
    EXPECT_EQ(router.election, (Election{.state = State::Active,
                                         .cause = Cause::Startup,
                                         .active_adver_interval = kInterval,
                                         .timer = kStart + kInterval,
                                         .lease = kStart + kInterval,
                                         .sending = Sending::Pending,
                                         .firm = kStart}));
    EXPECT_EQ(router.actions, kTakeOver);
}

TEST(StateMachine, Initialize_BecomesBackup_OnStartupWithPriority254_rfc9568_6_4_1) {
    EXPECT_EQ(Router(configured(254)).on(Startup{}).election.state, State::Backup);
}

TEST(StateMachine, Initialize_HearsNothing_rfc9568_6_4_1) {
    for (const int heard : {0, 1, 100, 255}) {
        Router router;
        router.hear(static_cast<std::uint8_t>(heard));
        EXPECT_EQ(router.discard, Discard::NotRunning);
        EXPECT_UNTOUCHED(router, Election{});
        EXPECT_EQ(router.actions, kNothing);
    }
}

TEST(StateMachine, Initialize_StaysSilent_OnEverythingButStartup_rfc9568_6_4_1) {
    for (const Event& event : {Event(Shutdown{}), Event(TimerExpired{}), Event(AdvertisementSent{kStart})}) {
        Router router;
        router.on(event);
        EXPECT_UNTOUCHED(router, Election{});
        EXPECT_EQ(router.actions, kNothing);
    }
}

// ---- Backup, §6.4.2

TEST(StateMachine, Backup_GoesQuietly_OnShutdown_rfc9568_6_4_2) {
    auto router = Router::backup();
    router.on(Shutdown{Cause::InterfaceDown});
    EXPECT_EQ(router.election, (Election{.state = State::Initialize, .cause = Cause::InterfaceDown}));
    EXPECT_EQ(router.actions, kNothing);
}

TEST(StateMachine, Backup_TakesOver_WhenActiveDownTimerExpires_rfc9568_6_4_2) {
    auto router = Router::backup();
    router.expire();
    EXPECT_EQ(router.now, kStart + 3609375us);
    EXPECT_EQ(router.election, (Election{.state = State::Active,
                                         .cause = Cause::ActiveDownTimer,
                                         .active_adver_interval = kInterval,
                                         .timer = router.next_advertisement(),
                                         .lease = router.now + kInterval,
                                         .sending = Sending::Pending,
                                         .firm = router.now}));
    EXPECT_EQ(router.actions, kTakeOver);
}

TEST(StateMachine, Backup_Waits_WhenATimerEventComesEarly) {
    auto router = Router::backup();
    const auto before = router.election;
    router.at(before.timer - 1ns).on(TimerExpired{});
    EXPECT_UNTOUCHED(router, before);
    EXPECT_EQ(router.actions, kNothing);
}

TEST(StateMachine, Backup_TakesOver_WithItsOwnInterval_NotTheLearnedOne_rfc9568_6_4_2) {
    auto router = Router::backup();
    router.hear(200, "192.0.2.20", 5s).expire();
    EXPECT_EQ(router.election.active_adver_interval, kInterval);
    EXPECT_EQ(router.election.timer, router.next_advertisement());
}

TEST(StateMachine, Backup_WaitsSkewTime_OnPriorityZero_rfc9568_6_4_2) {
    for (const bool preempt : {true, false}) {
        auto router = Router::backup(configured(100, preempt));
        router.after(500ms).hear(kFarewell);
        EXPECT_EQ(router.election.state, State::Backup);
        EXPECT_EQ(router.election.timer, router.now + router.skew());
        EXPECT_EQ(router.actions, kNothing);
    }
}

TEST(StateMachine, Backup_WaitsSkewTimeOfTheLearnedInterval_OnPriorityZero_rfc9568_6_4_2) {
    auto router = Router::backup();
    router.hear(200, "192.0.2.20", 5s);
    // The farewell's own interval is not asked.
    router.hear(kFarewell, "192.0.2.20", 30s);
    EXPECT_EQ(router.election.timer, router.now + router.skew(5s));
    EXPECT_EQ(router.election.active_adver_interval, 5s);
}

TEST(StateMachine, Backup_WaitsSkewTimeInSeconds_OnPriorityZeroInVersion2_rfc3768_6_4_2) {
    auto parameters = configured(100, true, Version::V2);
    parameters.advertise_interval = 5s;
    auto router = Router::backup(parameters);
    router.hear(kFarewell, "192.0.2.20", 5s);
    EXPECT_EQ(router.election.timer, router.now + 609375us);
}

void expect_followed(Router& router, std::uint8_t heard, const char* source = "192.0.2.20") {
    router.after(500ms).hear(heard, source);
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_EQ(router.election.timer, router.now + router.patience());
    EXPECT_EQ(router.actions, kNothing);
    EXPECT_EQ(router.discard, std::nullopt);
}

TEST(StateMachine, Backup_ResetsActiveDownTimer_OnHigherPriority_rfc9568_6_4_2) {
    auto router = Router::backup();
    expect_followed(router, 101);
    expect_followed(router, 255);
}

TEST(StateMachine, Backup_ResetsActiveDownTimer_OnEqualPriority_rfc9568_6_4_2) {
    auto router = Router::backup();
    expect_followed(router, 100, "192.0.2.20");
    // Addresses decide between two Active Routers only.
    expect_followed(router, 100, "192.0.2.1");
}

TEST(StateMachine, Backup_ResetsActiveDownTimer_OnLowerPriority_WithoutPreempt_rfc9568_6_4_2) {
    auto router = Router::backup(configured(100, false));
    expect_followed(router, 99);
    expect_followed(router, 1);
}

TEST(StateMachine, Backup_DiscardsLowerPriority_WithPreempt_rfc9568_6_4_2) {
    for (const int heard : {1, 50, 99}) {
        auto router = Router::backup();
        const auto before = router.election;
        router.after(500ms).hear(static_cast<std::uint8_t>(heard), "192.0.2.20", 7s);
        EXPECT_UNTOUCHED(router, before);
        EXPECT_EQ(router.actions, kNothing);
    }
}

TEST(StateMachine, Backup_OwnerPreempts_WhateverPreemptModeSays_rfc9568_6_1) {
    auto router = Router::backup(configured(255, false));
    ASSERT_EQ(router.election.state, State::Backup);
    const auto before = router.election;
    router.after(500ms).hear(254);
    EXPECT_UNTOUCHED(router, before);
}

TEST(StateMachine, Backup_AdoptsTheIntervalItHears_rfc9568_6_4_2) {
    auto router = Router::backup();
    for (const Duration interval : {Duration(10ms), Duration(5s), Duration(40950ms)}) {
        router.after(1ms).hear(200, "192.0.2.20", interval);
        EXPECT_EQ(router.election.active_adver_interval, interval);
        EXPECT_EQ(router.election.timer, router.now + router.patience(interval));
    }
}

TEST(StateMachine, Backup_IgnoresAnotherStartup) {
    auto router = Router::backup();
    const auto before = router.election;
    router.after(500ms).on(Startup{});
    EXPECT_UNTOUCHED(router, before);
    EXPECT_EQ(router.actions, kNothing);
}

TEST(StateMachine, Backup_FollowsTheActive_AndWaitsFromItsLastRepetition) {
    auto router = Router::backup();
    EXPECT_FALSE(router.election.following);
    router.hear(200, "192.0.2.20", 5s);
    EXPECT_TRUE(router.followed);
    EXPECT_TRUE(router.election.following);

    const auto last_heard = router.now + 10s;
    router.at(router.election.timer).on(ActiveHeard{last_heard});
    EXPECT_EQ(router.election.timer, last_heard + router.patience(5s));
    EXPECT_EQ(router.actions, kNothing);
    EXPECT_FALSE(router.followed);
    router.on(TimerExpired{});
    EXPECT_EQ(router.election.state, State::Backup);
    router.expire();
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_FALSE(router.election.following);
}

TEST(StateMachine, Backup_LosesNoPatience_OverARepetitionOfLongAgo) {
    auto router = Router::backup();
    router.after(10s).hear(200);
    const auto before = router.election;
    router.on(ActiveHeard{router.now - 5s});
    EXPECT_UNTOUCHED(router, before);
    router.on(ActiveHeard{TimePoint{}});
    EXPECT_UNTOUCHED(router, before);
}

TEST(StateMachine, Backup_FollowsNobody_AfterAFarewell) {
    auto router = Router::backup();
    router.hear(200).after(500ms).hear(kFarewell);
    EXPECT_FALSE(router.election.following);
    const auto before = router.election;
    router.on(ActiveHeard{router.now - 1ms});
    EXPECT_UNTOUCHED(router, before);
}

TEST(StateMachine, Backup_FollowsNobodyWhomItIgnores) {
    auto router = Router::backup();
    router.hear(99);
    EXPECT_FALSE(router.followed);
    EXPECT_FALSE(router.election.following);

    auto version2 = Router::backup(configured(100, true, Version::V2));
    version2.hear(200, "192.0.2.20", 5s);
    EXPECT_FALSE(version2.followed);
    EXPECT_FALSE(version2.election.following);
}

TEST(StateMachine, Backup_KeepsItsOwnInterval_WhereTheWireCannotSayIt) {
    auto parameters = configured();
    parameters.advertise_interval = 2ms;
    Router router(parameters);
    router.on(Startup{}).hear(200, "192.0.2.20", 10ms);
    EXPECT_EQ(router.election.active_adver_interval, 2ms);
    EXPECT_EQ(router.election.timer, router.now + router.patience(2ms));
    router.hear(200, "192.0.2.20", 20ms);
    EXPECT_EQ(router.election.active_adver_interval, 20ms);
}

// ---- Active, §6.4.3

TEST(StateMachine, Active_SaysFarewell_OnShutdown_rfc9568_6_4_3) {
    auto router = Router::active();
    router.after(500ms).on(Shutdown{Cause::PrimaryAddressGone});
    EXPECT_EQ(router.election, (Election{.state = State::Initialize, .cause = Cause::PrimaryAddressGone}));
    EXPECT_EQ(router.actions, kFarewellOnly);
}

TEST(StateMachine, Active_Advertises_WhenAdverTimerExpires_rfc9568_6_4_3) {
    auto router = Router::active();
    const auto due = router.election.timer;
    router.expire();
    EXPECT_EQ(router.actions, kAdvertise);
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.timer, due + kInterval);
}

TEST(StateMachine, Active_AdverTimerDoesNotDrift_WhenServedLate) {
    auto router = Router::active();
    const auto first = router.election.timer;
    for (int i = 1; i <= 100; ++i) {
        router.at(router.election.timer + 7ms).on(TimerExpired{}).sent();
        ASSERT_EQ(router.election.timer, first + i * kInterval);
    }
}

TEST(StateMachine, Active_AdvertisesWithEveryOtherElectionOfItsInterval) {
    Router early(configured(255));
    Router late(configured(255));
    early.after(100ms).on(Startup{});
    late.after(400ms).on(Startup{});
    EXPECT_EQ(early.election.timer, late.election.timer);
}

TEST(StateMachine, Active_AdverTimerSkipsTheIntervalsItMissed) {
    auto router = Router::active();
    router.at(router.election.timer + kInterval).on(TimerExpired{});
    EXPECT_EQ(router.actions, kAdvertise) << "one advertisement makes up for all that were missed";
    EXPECT_EQ(router.election.timer, router.now + kInterval);
}

TEST(StateMachine, Active_Waits_WhenATimerEventComesEarly) {
    auto router = Router::active();
    const auto before = router.election;
    router.at(before.timer - 1ns).on(TimerExpired{});
    EXPECT_UNTOUCHED(router, before);
    EXPECT_EQ(router.actions, kNothing);
}

TEST(StateMachine, Active_AdvertisesAtOnceAndRearms_OnPriorityZero_rfc9568_6_4_3) {
    auto router = Router::active();
    router.after(400ms).hear(kFarewell, "192.0.2.200");
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.actions, kAdvertise);
    EXPECT_EQ(router.election.timer, router.next_advertisement());
}

void expect_yielded(Router router, std::uint8_t heard, const char* source) {
    router.after(400ms).hear(heard, source, 5s);
    EXPECT_EQ(router.election, (Election{State::Backup, Cause::HigherPriority, 5s,
                                         router.now + router.patience(5s), kNoLease, true}))
        << int{heard} << " from " << source;
    EXPECT_EQ(router.actions, kNothing);
}

void expect_asserted(Router router, std::uint8_t heard, const char* source) {
    const auto before = router.election;
    router.after(400ms).hear(heard, source, 5s);
    EXPECT_UNTOUCHED(router, before) << int{heard} << " from " << source;
    EXPECT_EQ(router.actions, kTakeOver) << "hosts are told, too";
}

TEST(StateMachine, Active_Yields_ToHigherPriority_rfc9568_6_4_3) {
    expect_yielded(Router::active(), 101, "192.0.2.1");
    expect_yielded(Router::active(), 255, "192.0.2.1");
}

TEST(StateMachine, Active_Yields_WhateverPreemptModeSays_rfc9568_6_4_3) {
    expect_yielded(Router::active(configured(100, false)), 101, "192.0.2.1");
}

TEST(StateMachine, Active_Yields_ToEqualPriorityFromAGreaterAddress_rfc9568_6_4_3) {
    expect_yielded(Router::active(), 100, "192.0.2.11");
    expect_yielded(Router::active(), 100, "192.0.3.0");
}

TEST(StateMachine, Active_ComparesAddressesUnsigned_rfc9568_6_4_3) {
    auto low = configured();
    low.primary_address = ip("127.0.0.1");
    expect_yielded(Router::active(low), 100, "128.0.0.1");
    auto high = configured();
    high.primary_address = ip("128.0.0.1");
    expect_asserted(Router::active(high), 100, "127.0.0.1");
}

TEST(StateMachine, Active_ComparesIpv6AddressesUnsigned_rfc9568_6_4_3) {
    auto parameters = configured();
    parameters.primary_address = ip("fe80::8000");
    expect_yielded(Router::active(parameters), 100, "fe80::8001");
    expect_asserted(Router::active(parameters), 100, "fe80::7fff");
}

TEST(StateMachine, Active_AssertsItself_OnEqualPriorityFromALesserAddress_rfc9568_6_4_3) {
    expect_asserted(Router::active(), 100, "192.0.2.9");
    expect_asserted(Router::active(), 100, "9.255.255.255");
}

TEST(StateMachine, Active_AssertsItself_OnLowerPriority_rfc9568_6_4_3) {
    for (const bool preempt : {true, false}) {
        expect_asserted(Router::active(configured(100, preempt)), 99, "192.0.2.200");
        expect_asserted(Router::active(configured(100, preempt)), 1, "192.0.2.200");
    }
}

TEST(StateMachine, Active_OwnerYieldsOnlyToAnotherOwnerWithAGreaterAddress_erratum_8298) {
    expect_asserted(Router::active(configured(255)), 254, "192.0.2.200");
    expect_asserted(Router::active(configured(255)), 255, "192.0.2.9");
    expect_yielded(Router::active(configured(255)), 255, "192.0.2.200");
}

TEST(StateMachine, Active_IgnoresAnotherStartup) {
    auto router = Router::active();
    const auto before = router.election;
    router.after(500ms).on(Startup{});
    EXPECT_UNTOUCHED(router, before);
    EXPECT_EQ(router.actions, kNothing);
}

// ---- Leaving, in place of §6.4.3's end at once

Router leaving(const Parameters& configuration = configured()) {
    auto router = Router::active(configuration);
    router.after(configuration.advertise_interval / 2).on(Leave{});
    return router;
}

void expect_gone(const Router& router, Cause cause = Cause::Shutdown) {
    EXPECT_EQ(router.election, (Election{.state = State::Initialize, .cause = cause}));
    EXPECT_EQ(router.actions, kNothing) << "its farewell is said";
}

TEST(StateMachine, Active_SaysFarewellAndServesForAnInterval_WhenItLeaves) {
    auto router = leaving();
    EXPECT_EQ(router.actions, kFarewellOnly);
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.cause, Cause::Shutdown);
    EXPECT_EQ(router.election.lease, router.now + kInterval);
    EXPECT_EQ(router.election.timer, router.election.lease);
    router.expire();
    expect_gone(router);
}

TEST(StateMachine, Active_ServesAsLongAsOthersMayWait_WhenItLeavesWithLessThanACentisecond) {
    auto parameters = configured();
    parameters.advertise_interval = 5ms;
    const auto router = leaving(parameters);
    EXPECT_EQ(router.election.lease, router.now + 10ms) << "others learn a centisecond";
}

TEST(StateMachine, Active_NeverLengthensItsLease_WhenItLeaves) {
    auto router = Router::active();
    const auto lease = router.election.lease;
    router.at(lease - 1ms).on(Leave{});
    EXPECT_EQ(router.election.lease, lease);
    router.sent();
    EXPECT_EQ(router.election.lease, lease) << "nor for what was under way";
}

TEST(StateMachine, Leaving_EndsAtOnce_WhenItHearsAnybody) {
    for (const int heard : {1, 100, 254, 255}) {
        auto router = leaving();
        router.after(10ms).hear(static_cast<std::uint8_t>(heard));
        expect_gone(router);
    }
}

TEST(StateMachine, Leaving_GoesOn_WhateverIsNoSuccessor) {
    auto router = leaving();
    const auto before = router.election;
    const auto stays = [&](const Event& event) {
        router.after(1ms).on(event);
        EXPECT_EQ(router.election, before) << "event " << event.index();
        EXPECT_EQ(router.actions, kNothing) << "event " << event.index();
    };
    stays(AdvertisementReceived{kFarewell, ip("192.0.2.20"), kInterval});
    stays(AdvertisementReceived{100, router.parameters.primary_address, kInterval});
    stays(TimerExpired{});
    stays(Leave{Cause::GroupFaulted});
    stays(Startup{});
    stays(Adopted{router.now + 1h});
    stays(AdvertisementSent{router.now});
    stays(ParametersChanged{configured(50)});
    stays(GroupTookOver{});
    stays(GroupYielded{});
}

TEST(StateMachine, Leaving_EndsAtOnce_WhenItCannotServe) {
    auto router = leaving();
    router.on(Shutdown{Cause::InterfaceDown});
    expect_gone(router, Cause::InterfaceDown);
    router = leaving();
    router.on(LeaseTaken{});
    expect_gone(router);
}

TEST(StateMachine, Leaving_HasLeft_WhenItWakesTooLate) {
    auto router = leaving();
    router.at(router.election.lease).on(AdvertisementSent{router.now});
    expect_gone(router);
}

TEST(StateMachine, Backup_GoesQuietly_WhenItLeaves) {
    auto router = Router::backup();
    router.on(Leave{});
    expect_gone(router);
}

// ---- Discarded advertisements touch nothing, in any state, §7.1

void expect_discarded(Router router, const AdvertisementReceived& heard, Discard reason) {
    const auto before = router.election;
    router.after(400ms).on(heard);
    EXPECT_EQ(router.discard, reason);
    EXPECT_UNTOUCHED(router, before);
    EXPECT_EQ(router.actions, kNothing);
}

TEST(StateMachine, OwnAdvertisement_LoopedBack_TouchesNothing) {
    for (const int heard : {0, 1, 100, 255}) {
        const AdvertisementReceived own{static_cast<std::uint8_t>(heard), ip("192.0.2.10"), kInterval};
        expect_discarded(Router::backup(), own, Discard::Own);
        expect_discarded(Router::active(), own, Discard::Own);
    }
}

TEST(StateMachine, V2_OtherInterval_TouchesNothing_rfc3768_7_1) {
    const auto v2 = configured(100, true, Version::V2);
    for (const int heard : {0, 1, 100, 255}) {
        const AdvertisementReceived other{static_cast<std::uint8_t>(heard), ip("192.0.2.20"), 2s};
        expect_discarded(Router::backup(v2), other, Discard::IntervalMismatch);
        expect_discarded(Router::active(v2), other, Discard::IntervalMismatch);
    }
}

TEST(StateMachine, V3_OtherInterval_IsNoReasonToDiscard_rfc9568_7_1) {
    auto router = Router::backup();
    router.hear(200, "192.0.2.20", 2s);
    EXPECT_EQ(router.discard, std::nullopt);
    EXPECT_EQ(router.election.active_adver_interval, 2s);
}

}  // namespace
}  // namespace vrrp_xdp::protocol

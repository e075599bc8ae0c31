// SPDX-License-Identifier: BSD-2-Clause
// Being Active is a lease: what the state machine promises about the deadline after which the data plane
// falls silent by itself.
#include <gmock/gmock.h>

#include "protocol/state_machine.hpp"
#include "router.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

TEST(Lease, IsProvisional_OneInterval_AtTakeover) {
    auto router = Router::backup();
    router.expire();
    EXPECT_EQ(router.election.lease, router.now + kInterval);
}

TEST(Lease, IsProvisional_OneInterval_AtStartupOfTheOwner) {
    Router owner(configured(255));
    EXPECT_EQ(owner.on(Startup{}).election.lease, kStart + kInterval);
}

TEST(Lease, EndsFourIntervalsAfterTheAdvertisementWasHandedOver) {
    auto router = Router::backup();
    router.expire();
    const auto handed_over = router.now;
    // What matters is when it was sent, not when that was noticed.
    router.after(200ms).on(AdvertisementSent{handed_over});
    EXPECT_EQ(router.election.lease, handed_over + 4 * kInterval);
}

TEST(Lease, IsNotExtended_UntilAnAdvertisementLeft) {
    auto router = Router::active();
    const auto lease = router.election.lease;
    router.expire();
    EXPECT_EQ(router.actions, kAdvertise);
    EXPECT_EQ(router.election.lease, lease);
}

TEST(Lease, IsNeverShortened_ByALateReportOfAnEarlierAdvertisement) {
    auto router = Router::active();
    const auto first = router.now;
    router.expire().sent();
    const auto lease = router.election.lease;
    EXPECT_EQ(router.after(1ms).on(AdvertisementSent{first}).election.lease, lease);
}

TEST(Lease, ChangesNeitherTimerNorState_WhenExtended) {
    auto router = Router::active();
    router.expire();
    auto expected = router.election;
    expected.lease = router.now + 4 * kInterval;
    expected.firm = router.now + kInterval;
    router.sent();
    EXPECT_EQ(router.election, expected);
    EXPECT_EQ(router.actions, kNothing);
}

TEST(Lease, CountsOwnIntervals_NotTheLearnedOne) {
    auto router = Router::backup();
    router.hear(200, "192.0.2.20", 5s).expire().sent();
    EXPECT_EQ(router.election.lease, router.now + 4 * kInterval);
}

TEST(Lease, IsGivenToNobodyButAnActiveRouter) {
    auto router = Router::backup();
    const auto before = router.election;
    EXPECT_EQ(router.after(1ms).sent().election, before) << "a report that comes after the state was lost";
    Router fresh;
    EXPECT_EQ(fresh.sent().election, Election{});
}

TEST(Lease, EndsAtOnce_OnShutdownAndWhenYielding) {
    EXPECT_EQ(Router::active().after(1ms).on(Shutdown{}).election.lease, kNoLease);
    EXPECT_EQ(Router::active().after(1ms).hear(200).election.lease, kNoLease);
}

// A Backup Router counts its patience from the arrival of what an Active Router sent, at the earliest in the
// same instant. Its first word ends what is left of the lease.
TEST(Lease, LastsUntilTheMostPatientBackupRouterSpeaks_ButIsFirmNoLonger) {
    for (const auto version : {Version::V2, Version::V3}) {
        for (int value = 1; value <= 254; ++value) {
            auto active = Router::active(configured(255, true, version));
            active.expire().sent();
            auto backup = Router::backup(configured(value, true, version));
            backup.at(active.now).hear(255);
            EXPECT_GT(active.election.lease, backup.election.timer) << value;
            EXPECT_LT(active.election.firm, backup.election.timer) << value;
        }
    }
}

TEST(Firm, IsNothingThatATakeoverSays) {
    auto router = Router::backup();
    router.expire();
    EXPECT_EQ(router.election.firm, router.now);
    const auto taken_over = router.now;
    router.after(1ms).sent();
    EXPECT_EQ(router.election.firm, taken_over) << "its first advertisement may be lost";
}

TEST(Firm, LastsUntilTheNextAdvertisementIsDue) {
    auto router = Router::active();
    const auto handed_over = router.expire().now;
    router.after(1ms).on(AdvertisementSent{handed_over});
    EXPECT_EQ(router.election.firm, handed_over + kInterval);
}

TEST(Firm, EndsAsItLeaves) {
    auto router = Router::active();
    router.expire().sent().after(1ms).on(Leave{});
    EXPECT_EQ(router.election.firm, router.now);
}

TEST(Firm, IsWhatItWas_WhereALeaseIsAdopted) {
    Router router;
    router.on(Adopted{kStart + kInterval});
    EXPECT_EQ(router.election.firm, kNoLease);
    router.sent();
    EXPECT_EQ(router.election.firm, router.now + kInterval);
}

TEST(Adoption, KeepsTheRouterActive_WhileTheLeaseLasts) {
    Router router;
    const auto lease = kStart + 1ns;
    router.on(Adopted{lease});
    EXPECT_EQ(router.election,
              (Election{State::Active, Cause::Adopted, kInterval, router.next_advertisement(), lease}));
    EXPECT_EQ(router.actions, kTakeOver) << "at once: the lease may be nearly over";
    EXPECT_EQ(router.sent().election.lease, kStart + 4 * kInterval);
}

TEST(Adoption, IsAnOrdinaryStartup_OnceTheLeaseIsOver) {
    for (const auto lease : {kNoLease, kStart - 1ns, kStart}) {
        EXPECT_EQ(Router().on(Adopted{lease}).election, Router().on(Startup{}).election);
        EXPECT_EQ(Router(configured(255)).on(Adopted{lease}).election,
                  Router(configured(255)).on(Startup{}).election);
    }
}

// From the first advertisement on, other routers count three of the shorter intervals.
TEST(Adoption, CutsTheLease_ToFourIntervalsOfItsOwn) {
    Router router;
    EXPECT_EQ(router.on(Adopted{kStart + 1h}).election.lease, kStart + 4 * kInterval);
}

TEST(Adoption, TakesNothing_FromARouterThatRuns) {
    for (const auto& before : {Router::backup(), Router::active()}) {
        auto router = before;
        router.on(Adopted{router.now + 1h});
        EXPECT_EQ(router.election, before.election);
        EXPECT_EQ(router.actions, kNothing);
    }
}

TEST(Adoption, YieldsToABetterRouter_AsAnyActiveRouterDoes) {
    Router router;
    router.on(Adopted{kStart + kInterval}).hear(200);
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_EQ(router.election.lease, kNoLease);
}

/// What a Backup Router has that woke up after its lease, at the router's present time.
Election fenced(const Router& router) {
    return {State::Backup, Cause::LeaseExpired, kInterval, router.now + router.patience(), kNoLease};
}

TEST(LateWake, BecomesBackupWithoutAWord_WhenTheTimerIsServedTooLate) {
    auto router = Router::active();
    router.at(router.election.lease).on(TimerExpired{});
    EXPECT_EQ(router.election, fenced(router));
    EXPECT_EQ(router.actions, kNothing);
}

TEST(LateWake, StillAdvertises_InTheLastInstantOfTheLease) {
    auto router = Router::active();
    router.at(router.election.lease - 1ns).on(TimerExpired{});
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.actions, kAdvertise);
}

TEST(LateWake, BecomesBackup_AfterATakeoverWhoseAdvertisementNeverLeft) {
    auto router = Router::backup();
    router.expire().at(router.election.lease).on(TimerExpired{});
    auto expected = fenced(router);
    expected.sending = Sending::Fails;  // as far as it knows
    EXPECT_EQ(router.election, expected);
    EXPECT_EQ(router.actions, kNothing);
}

TEST(LateWake, SaysNoFarewell) {
    auto router = Router::active();
    router.at(router.election.lease).on(Shutdown{});
    EXPECT_EQ(router.election, (Election{.state = State::Initialize, .cause = Cause::Shutdown}));
    EXPECT_EQ(router.actions, kNothing);
}

TEST(LateWake, ListensLikeABackupRouter) {
    auto better = Router::active();
    better.at(better.election.lease + 5s).hear(200, "192.0.2.20", 5s);
    EXPECT_EQ(better.election, (Election{State::Backup, Cause::LeaseExpired, 5s,
                                         better.now + better.patience(5s), kNoLease, true}));
    EXPECT_EQ(better.actions, kNothing);

    auto worse = Router::active();
    worse.at(worse.election.lease).hear(1);
    EXPECT_EQ(worse.election, fenced(worse));
    EXPECT_EQ(worse.actions, kNothing) << "no word of protest against who may have replaced it";

    auto leaving = Router::active();
    leaving.at(leaving.election.lease).hear(kFarewell);
    EXPECT_EQ(leaving.election.timer, leaving.now + leaving.skew());
    EXPECT_EQ(leaving.actions, kNothing);
}

TEST(LateWake, IsNotHealed_ByAnAdvertisementThatLeftInTime) {
    auto router = Router::active();
    const auto in_time = router.election.lease - 1ms;
    router.at(router.election.lease).on(AdvertisementSent{in_time});
    EXPECT_EQ(router.election, fenced(router));
}

TEST(LateWake, MakesTheOwnerListen_Too) {
    auto owner = Router::active(configured(255));
    owner.at(owner.election.lease).on(TimerExpired{});
    EXPECT_EQ(owner.election, fenced(owner));
    owner.expire();
    EXPECT_EQ(owner.election.state, State::Active);
}

TEST(LateWake, IsNotUndone_ByAnotherStartup) {
    auto router = Router::active(configured(255));
    router.at(router.election.lease).on(Startup{});
    EXPECT_EQ(router.election, fenced(router));
    EXPECT_EQ(router.actions, kNothing);
}

TEST(Fence, MakesAnActiveRouterABackupRouterWithoutAWord) {
    auto router = Router::active();
    router.after(1ms).on(LeaseTaken{});
    EXPECT_EQ(router.election,
              (Election{State::Backup, Cause::Fenced, kInterval, router.now + router.patience(), kNoLease}));
    EXPECT_EQ(router.actions, kNothing) << "who gave it up has sent a farewell";
}

TEST(Fence, IsNotHealed_ByAnAdvertisementThatLeftMeanwhile) {
    auto router = Router::active();
    router.after(1ms).on(LeaseTaken{}).sent();
    EXPECT_EQ(router.election.lease, kNoLease);
}

TEST(Fence, ConcernsNobodyElse) {
    auto backup = Router::backup();
    const auto before = backup.election;
    EXPECT_EQ(backup.after(1ms).on(LeaseTaken{}).election, before);
    Router fresh;
    EXPECT_EQ(fresh.on(LeaseTaken{}).election, Election{});
}

TEST(LateWake, OfABackupRouter_TakesNothingFromItsTurn) {
    auto router = Router::backup();
    router.at(router.election.timer + 1h).on(TimerExpired{});
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.timer, router.next_advertisement())
        << "counted from now, not from when it was due";
}

}  // namespace
}  // namespace vrrp_xdp::protocol

// SPDX-License-Identifier: BSD-2-Clause
// Who cannot be heard does not take over: a healthy Active Router would go on beside it, and both would
// answer.
#include <gmock/gmock.h>

#include "protocol/state_machine.hpp"
#include "protocol/sync_group.hpp"
#include "router.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

/// A Backup Router whose takeover was in vain.
Router unheard(const Parameters& configuration = configured()) {
    Router router = Router::backup(configuration);
    router.expire().on(AdvertisementFailed{});
    return router;
}

TEST(CannotSend, Takeover_EndsAtOnceAndWithoutAWord_WhenItsFirstAdvertisementDoesNotLeave) {
    const Router router = unheard();
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_EQ(router.election.cause, Cause::SendingFailed);
    EXPECT_EQ(router.election.lease, kNoLease);
    EXPECT_EQ(router.election.timer, router.now + kInterval) << "to try again";
    EXPECT_EQ(router.actions, kNothing) << "no farewell: nobody knows of it";
}

TEST(NotSentYet, Takeover_EndsAtOnceAndWithoutAWord_WhenItIsToLeaveInTheSameTurn) {
    for (const Event& end : {Event{Leave{}}, Event{Shutdown{}}}) {
        Router router = Router::backup();
        router.expire();
        ASSERT_EQ(router.election.state, State::Active);
        router.on(end);
        EXPECT_EQ(router.election.state, State::Initialize);
        EXPECT_EQ(router.election.lease, kNoLease) << "no advertisement stands for it";
        EXPECT_EQ(router.actions, kNothing) << "no farewell: nobody knows of it";
    }
}

TEST(CannotSend, Owner_IsNotActive_UntilAnAdvertisementLeft) {
    Router owner(configured(255));
    owner.on(Startup{}).on(AdvertisementFailed{});
    EXPECT_EQ(owner.election.state, State::Backup);
    owner.on(Shutdown{Cause::InterfaceDown}).on(Startup{Cause::InterfaceUp});
    EXPECT_EQ(owner.election.state, State::Backup);
    EXPECT_EQ(owner.actions, kAdvertise) << "it tries one at once";
    EXPECT_EQ(owner.sent().election.state, State::Active);
}

TEST(CannotSend, TakesOverByNoTimer_ButTriesAnAdvertisementFirst) {
    Router router = unheard();
    for (int i = 0; i < 5; ++i) {
        router.expire();
        EXPECT_EQ(router.election.state, State::Backup);
        EXPECT_EQ(router.election.lease, kNoLease);
        EXPECT_EQ(router.actions, kAdvertise);
        EXPECT_EQ(router.election.timer, router.now + kInterval) << "and again after an interval";
        router.on(AdvertisementFailed{});
        EXPECT_EQ(router.election.state, State::Backup);
    }
}

TEST(CannotSend, IsActive_WithAWholeLease_AsSoonAsAnAdvertisementLeft) {
    Router router = unheard();
    const TimePoint handed_over = router.expire().now;
    router.after(2ms).on(AdvertisementSent{handed_over});
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.lease, handed_over + 4 * kInterval);
    EXPECT_EQ(router.actions, (Actions{.announce_addresses = true})) << "others have heard of it already";
}

TEST(CannotSend, StaysBackup_WhenItHearsABetterRouterBeforeItKnows) {
    Router router = unheard();
    const TimePoint handed_over = router.expire().now;
    router.hear(200).on(AdvertisementSent{handed_over});
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_TRUE(router.election.following);
}

TEST(CannotSend, FollowsNobodyWhoWillYieldToWhatItTries_BeforeItKnows) {
    Router router = unheard();
    const TimePoint handed_over = router.expire().now;
    router.hear(100, "192.0.2.9").on(AdvertisementSent{handed_over});
    EXPECT_EQ(router.election.state, State::Active) << "the other has the same priority and a lower address";

    Router in_vain = unheard(configured(100, false));
    in_vain.expire().hear(50).on(AdvertisementFailed{}).hear(50);
    EXPECT_TRUE(in_vain.election.following) << "the other goes on";
}

TEST(CannotSend, LaterAdvertisement_LeavesTheLeaseToRunOut) {
    Router router = Router::active();
    const TimePoint lease = router.election.lease;
    router.expire().on(AdvertisementFailed{});
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.lease, lease);
    router.at(lease).on(TimerExpired{});
    EXPECT_EQ(router.election.cause, Cause::LeaseExpired);
    EXPECT_EQ(router.expire().election.state, State::Backup) << "and the next takeover begins with a try";
    EXPECT_EQ(router.sent().election.state, State::Active);
}

TEST(CannotSend, Successor_KeepsWhatIsLeftOfTheLeaseItAdopted) {
    Router router;
    const TimePoint lease = kStart + 2 * kInterval;
    router.on(Adopted{lease}).on(AdvertisementFailed{});
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.lease, lease);
}

TEST(CannotSend, IsForgotten_OnceAnAdvertisementLeft) {
    Router router = unheard();
    router.expire().sent().hear(200);
    EXPECT_EQ(router.expire().election.state, State::Active);
}

TEST(SlowSending, ALeaseThatRanOutMeanwhileIsNotRevived) {
    Router router = Router::active();
    const TimePoint handed_over = router.expire().now;
    router.at(router.election.lease).on(AdvertisementSent{handed_over});
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_EQ(router.election.cause, Cause::LeaseExpired);
    EXPECT_EQ(router.election.lease, kNoLease);
}

TEST(SlowSending, ATryThatLeftLongAgo_TakesOverNothing) {
    Router router = unheard();
    const TimePoint handed_over = router.expire().now;
    router.at(handed_over + 4 * kInterval).on(AdvertisementSent{handed_over});
    EXPECT_EQ(router.election.state, State::Backup) << "others have lost patience with it since";
    EXPECT_EQ(router.election.lease, kNoLease);
    EXPECT_EQ(router.on(TimerExpired{}).election.state, State::Active) << "but it can send again";
}

/// Two of one group: the first can send, the second could not.
std::vector<GroupMember> half_heard(State first, Sending second) {
    const auto member = [](State state, Sending sending) {
        Election election{.state = state, .active_adver_interval = kInterval, .timer = kStart};
        election.sending = sending;
        return GroupMember{.able = true, .priority = priority(100), .election = election};
    };
    return {member(first, Sending::Works), member(State::Backup, second)};
}

TEST(CannotSend, SyncGroup_WaitsForTheMemberThatHasToTry) {
    EXPECT_EQ(waits_until(half_heard(State::Backup, Sending::Fails), 0, kStart), kStart + kInterval);
    EXPECT_EQ(waits_until(half_heard(State::Backup, Sending::Fails), 1, kStart), std::nullopt);
    EXPECT_EQ(waits_until(half_heard(State::Backup, Sending::Works), 0, kStart), std::nullopt);
}

TEST(CannotSend, SyncGroup_YieldsWhereAMemberHasTriedInVain) {
    EXPECT_EQ(next_move(half_heard(State::Active, Sending::Fails), {}, kStart), GroupMove::Yield);
    EXPECT_EQ(next_move(half_heard(State::Active, Sending::Trying), {}, kStart), GroupMove::None);
}

// The next Adver_Timer, which stands on a grid, may come sooner than an interval after an advertisement that
// did not wait for it. §6.4.3 resets the timer there; nobody's lease or patience counts from that.
TEST(AdverTimer, AfterTakeoverOwnersStartAndFarewell_IsEarlyButNeverLate_rfc9568_6_4_3) {
    const auto expect_early = [](const Router& router) {
        EXPECT_GT(router.election.timer, router.now);
        EXPECT_LE(router.election.timer, router.now + kInterval);
        EXPECT_EQ(router.election.timer.time_since_epoch() % kInterval, Duration{});
    };
    Router backup = Router::backup();
    expect_early(backup.expire());
    Router owner(configured(255));
    expect_early(owner.after(300ms).on(Startup{}));
    Router active = Router::active();
    expect_early(active.after(400ms).hear(0));
    EXPECT_EQ(active.actions, kAdvertise);
}

}  // namespace
}  // namespace vrrp_xdp::protocol

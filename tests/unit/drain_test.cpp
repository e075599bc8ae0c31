// SPDX-License-Identifier: BSD-2-Clause
// Planned work: an Active Router that hands over and stays, and serves where nobody takes over.
#include <gmock/gmock.h>

#include <vector>

#include "protocol/sync_group.hpp"
#include "router.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

/// An Active Router that has just been drained, half an interval after its last advertisement.
Router drained_from(int priority_value = 200) {
    Router router = Router::active(configured(priority_value));
    router.after(kInterval / 2);
    router.parameters.priority = Priority::lowest();
    router.parameters.preempt = false;
    return router.on(Drain{configured(200)});
}

TEST(Drain, SaysFarewell_AndKeepsItsLease_UntilItsSuccessorIsHeard) {
    Router router = Router::active(configured(200));
    const TimePoint lease = router.election.lease;
    router.after(kInterval / 2);
    router.parameters.priority = Priority::lowest();
    router.on(Drain{configured(200)});
    EXPECT_EQ(router.actions, kFarewellOnly);
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.lease, lease);
    EXPECT_EQ(router.election.firm, router.now) << "the successor's first word ends it";
    EXPECT_FALSE(is_staying_active(router.election));
}

TEST(Drain, FollowsItsSuccessor_HoweverLowThatOnesPriority) {
    Router router = drained_from();
    router.after(600ms).hear(1);
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_EQ(router.election.cause, Cause::Drained);
    EXPECT_EQ(router.election.lease, kNoLease);
    EXPECT_FALSE(router.election.leaving);
    EXPECT_TRUE(router.followed && router.election.following);
    EXPECT_EQ(router.election.timer, router.now + router.patience());
    EXPECT_EQ(router.actions, kNothing);
}

TEST(Drain, GoesOn_WhereNobodyTakesOver_BeforeItsLeaseIsOver) {
    Router router = drained_from();
    const TimePoint farewell = router.now;
    router.expire();
    EXPECT_EQ(router.now, farewell + 2 * kInterval) << "no Skew_Time is longer than one";
    EXPECT_TRUE(is_staying_active(router.election));
    EXPECT_EQ(router.actions, kTakeOver);
    EXPECT_GT(router.election.lease, router.now);
    router.sent().after(10ms).hear(100);
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_EQ(router.election.cause, Cause::HigherPriority) << "any other router's priority is higher";
}

TEST(Drain, GoesOnOnlyWhereItCanBeHeard) {
    Router router = drained_from();
    router.election.sending = Sending::Fails;
    router.expire();
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_EQ(router.election.cause, Cause::SendingFailed);
}

TEST(Drain, IgnoresAnotherFarewell_AndItsOwnAdvertisementThatComesBack) {
    Router router = drained_from();
    router.hear(0).hear(200, "192.0.2.10");
    EXPECT_EQ(router.discard, Discard::Own);
    EXPECT_TRUE(router.election.drains);
}

TEST(Drain, IsABackupRouter_WhereItsLeaseIsTakenOrOver) {
    Router taken = drained_from();
    taken.on(LeaseTaken{});
    EXPECT_EQ(taken.election.state, State::Backup);
    Router late = drained_from();
    late.at(late.election.lease).on(TimerExpired{});
    EXPECT_EQ(late.election.state, State::Backup);
    EXPECT_EQ(late.election.cause, Cause::LeaseExpired);
}

TEST(Drain, OfABackupRouter_OfOneThatIsUnknown_OrOfOneThatLeaves_SaysNothing) {
    Router backup = Router::backup(configured(1, false)).hear(200);
    backup.on(Drain{configured(200)});
    EXPECT_EQ(backup.election.state, State::Backup);
    EXPECT_EQ(backup.actions, kNothing);
    Router unknown = Router::backup();
    unknown.expire().on(Drain{configured(200)});
    EXPECT_EQ(unknown.election.state, State::Backup);
    EXPECT_EQ(unknown.actions, kNothing);
    Router leaving = Router::active();
    leaving.on(Leave{}).on(Drain{configured(200)});
    EXPECT_EQ(leaving.actions, kNothing);
    EXPECT_FALSE(leaving.election.drains);
}

TEST(Drain, OfABackupRouterThatWasAboutToPreempt_LeavesTheActiveOneAlone) {
    Router router = Router::backup(configured(200));
    router.after(3100ms).hear(100);
    ASSERT_FALSE(router.election.following);
    router.parameters.priority = Priority::lowest();
    router.parameters.preempt = false;
    router.on(Drain{configured(200)});
    EXPECT_GE(router.election.timer, router.now + router.patience());
}

TEST(Drain, OfABackupRouterBehindAFarewell_WaitsNoLongerThanASkewTime) {
    Router router = Router::backup(configured(200));
    router.hear(250).after(500ms).hear(0);
    router.parameters.priority = Priority::lowest();
    router.parameters.preempt = false;
    router.on(Drain{configured(200)});
    EXPECT_LE(router.election.timer, router.now + kInterval);
}

TEST(Drain, FollowedByAStop_EndsAsAnyStop_WithoutAnotherFarewell) {
    Router router = drained_from();
    router.after(100ms).on(Leave{});
    EXPECT_EQ(router.actions, kNothing);
    EXPECT_TRUE(router.election.leaving);
    EXPECT_EQ(router.election.lease, router.now + kInterval);
    router.after(100ms).hear(100);
    EXPECT_EQ(router.election.state, State::Initialize);
    EXPECT_EQ(router.election.cause, Cause::Shutdown);
}

TEST(Drain, TakenBackMeanwhile_IsNoReasonToFollowAWorseSuccessor) {
    Router router = drained_from();
    router.parameters = configured(200);
    router.on(ParametersChanged{configured(1)});
    EXPECT_TRUE(router.election.drains) << "others have its farewell already";
    router.after(100ms).hear(100);
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_FALSE(router.election.following) << "it preempts that one";
}

TEST(Drain, OfTheOwner_MakesABackupRouterOfIt) {
    Router router = drained_from(255);
    router.hear(100);
    EXPECT_EQ(router.election.state, State::Backup);
    router.on(Shutdown{}).on(Startup{});
    EXPECT_EQ(router.election.state, State::Backup) << "the owner would be Active at its start";
}

GroupMember member(const Router& router) {
    return {.able = true, .priority = Priority::lowest(), .election = router.election, .heard = router.now};
}

TEST(Drain, OfASyncGroup_HasEachMemberWaitForItsOwnSuccessor) {
    const Router serving = drained_from();
    Router succeeded = drained_from();
    GroupNews news;
    const Election before = succeeded.election;
    news.add(before, succeeded.hear(100).election);
    EXPECT_EQ(next_move(std::vector{member(serving), member(serving)}, {}, kStart), GroupMove::None);
    EXPECT_EQ(next_move(std::vector{member(serving), member(succeeded)}, news, kStart), GroupMove::Yield);
    Router told = serving;
    told.on(GroupYielded{});
    EXPECT_EQ(told.election, serving.election);
    EXPECT_EQ(told.actions, kNothing);
}

}  // namespace
}  // namespace vrrp_xdp::protocol

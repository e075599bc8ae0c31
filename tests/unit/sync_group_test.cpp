// SPDX-License-Identifier: BSD-2-Clause
// Elections that move together: what the rules ask of the others, and what the state machine makes of it.
#include "protocol/sync_group.hpp"

#include <gmock/gmock.h>

#include <vector>

#include "router.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

constexpr GroupNews kLeft{.left = true};
constexpr GroupNews kTook{.took = true};

GroupMember member(const Router& router, bool able = true) {
    return {.able = able,
            .priority = router.parameters.priority,
            .election = router.election,
            .skew = router.skew(router.election.active_adver_interval),
            .heard = router.now};
}

GroupMember follower() { return member(Router::backup().hear(200)); }
GroupMember active() { return member(Router::active()); }
GroupMember waiting() { return member(Router::backup()); }
GroupMember resting(bool able) { return member(Router(), able); }

TEST(SyncGroup, Rests_WhileOneIsNotAble) {
    EXPECT_EQ(next_move(std::vector{resting(true), resting(false)}, {}, kStart), GroupMove::None);
    EXPECT_EQ(next_move(std::vector{active(), resting(false)}, {}, kStart), GroupMove::Stop);
    EXPECT_EQ(next_move(std::vector{follower(), resting(false)}, {}, kStart), GroupMove::Stop);
    EXPECT_EQ(next_move(std::vector{active(), GroupMember{}}, {}, kStart), GroupMove::Stop) << "one is gone";
    const GroupMember unable = member(Router::backup(), false);
    EXPECT_EQ(next_move(std::vector{active(), unable}, {}, kStart), GroupMove::Stop)
        << "though it has not been told yet";
}

TEST(SyncGroup, LeavesAsOne_WhenOneDoes) {
    const GroupMember leaving = member(Router::active().on(Leave{}), false);
    EXPECT_EQ(next_move(std::vector{active(), leaving}, {}, kStart), GroupMove::Leave);
    const auto event = event_of(GroupMove::Leave);
    ASSERT_TRUE(event && std::holds_alternative<Leave>(*event));
    EXPECT_EQ(next_move(std::vector{leaving, leaving}, {}, kStart), GroupMove::None);
    EXPECT_EQ(next_move(std::vector{leaving, resting(false)}, {}, kStart), GroupMove::None)
        << "one has heard its successor before the other";
    EXPECT_EQ(next_move(std::vector{leaving, resting(true)}, {}, kStart), GroupMove::None);
}

TEST(SyncGroup, Starts_WhenAllAreAble) {
    EXPECT_EQ(next_move(std::vector{resting(true), resting(true)}, {}, kStart), GroupMove::Start);
    EXPECT_EQ(next_move(std::vector{waiting(), resting(true)}, {}, kStart), GroupMove::Start);
}

TEST(SyncGroup, TakesOver_WhenOneDoes) {
    EXPECT_EQ(next_move(std::vector{active(), waiting()}, kTook, kStart), GroupMove::TakeOver);
    EXPECT_EQ(next_move(std::vector{active(), follower()}, kTook, kStart), GroupMove::TakeOver)
        << "it was let take over, as a farewell was said";
}

TEST(SyncGroup, Yields_WhenOneDoes_AndThoughAnotherTookOver) {
    EXPECT_EQ(next_move(std::vector{active(), follower()}, kLeft, kStart), GroupMove::Yield);
    EXPECT_EQ(next_move(std::vector{active(), waiting()}, kLeft, kStart), GroupMove::Yield);
    EXPECT_EQ(next_move(std::vector{active(), waiting()}, {.left = true, .took = true}, kStart),
              GroupMove::Yield);
}

TEST(SyncGroup, StaysAsItIs_WhereALeaseWasAdopted_UntilTheOthersHearSomebody) {
    EXPECT_EQ(next_move(std::vector{active(), waiting()}, {}, kStart), GroupMove::None);
    EXPECT_EQ(next_move(std::vector{active(), follower()}, {}, kStart), GroupMove::Yield);
}

TEST(SyncGroup, HasThePriorityOfItsLeast) {
    const std::vector members{member(Router::backup(configured(200))), member(Router::backup(configured(50))),
                              GroupMember{}};
    EXPECT_EQ(common_priority(members), priority(50));
}

TEST(SyncGroup, Waits_WhileAnotherMayStillHearItsActive) {
    const auto heard = follower();
    const std::vector members{waiting(), heard};
    EXPECT_EQ(waits_until(members, 0, heard.heard), heard.heard + 3 * kInterval);
    EXPECT_EQ(waits_until(members, 0, heard.heard + 3 * kInterval), std::nullopt)
        << "only a soft lease lasts longer than that";
}

TEST(SyncGroup, Waits_WhereTheDataPlaneHasHeardTheActive_SinceTheTimerWasSet) {
    GroupMember heard = follower();
    heard.heard += 2 * kInterval;
    const std::vector members{waiting(), heard};
    EXPECT_EQ(waits_until(members, 0, kStart + 4 * kInterval), kStart + 5 * kInterval);
}

TEST(SyncGroup, Waits_WhileAnotherHasNotListenedForLongEnough) {
    auto late = Router::backup();
    late.at(kStart + 10s).on(Shutdown{}).on(Startup{});
    const std::vector members{waiting(), member(late)};
    EXPECT_EQ(waits_until(members, 0, kStart + 10s), kStart + 13s);
}

TEST(SyncGroup, WaitsForNobody_AfterAFarewell) {
    auto dismissed = Router::backup();
    dismissed.hear(200).hear(kFarewell);
    const std::vector members{member(dismissed), follower()};
    EXPECT_EQ(waits_until(members, 0, kStart), std::nullopt);
    dismissed.hear(200);
    EXPECT_NE(waits_until(std::vector{member(dismissed), follower()}, 0, kStart), std::nullopt);
}

TEST(SyncGroup, WaitsForNobody_ThatIsActive) {
    EXPECT_EQ(waits_until(std::vector{waiting(), active()}, 0, kStart), std::nullopt);
}

TEST(SyncGroup, TellsNewsOnlyOfWhatAMemberDidByItself) {
    const auto news_of = [](Router router, const Event& event) {
        const Election before = router.election;
        GroupNews news;
        news.add(before, router.on(event).election);
        return std::pair(news.left, news.took);
    };
    const AdvertisementReceived better{200, ip("192.0.2.20"), kInterval};
    EXPECT_EQ(news_of(Router::active(), better), std::pair(true, false));
    EXPECT_EQ(news_of(Router::active(), LeaseTaken{}), std::pair(true, false));
    EXPECT_EQ(news_of(Router::active(), GroupYielded{}), std::pair(false, false));
    EXPECT_EQ(news_of(Router::active(), Shutdown{}), std::pair(false, false));
    auto due = Router::backup();
    due.at(due.election.timer);
    EXPECT_EQ(news_of(due, TimerExpired{}), std::pair(false, true));
    EXPECT_EQ(news_of(Router::backup(), GroupTookOver{}), std::pair(false, false));
    EXPECT_EQ(news_of(Router(), Adopted{kStart + 1s}), std::pair(false, false));
}

TEST(SyncGroup, MakesABackupRouterActive_ThatStillFollows) {
    auto router = Router::backup();
    router.hear(200).after(1s).on(GroupTookOver{});
    EXPECT_EQ(router.election, (Election{.state = State::Active,
                                         .cause = Cause::GroupActive,
                                         .active_adver_interval = kInterval,
                                         .timer = router.next_advertisement(),
                                         .lease = router.now + kInterval,
                                         .sending = Sending::Pending,
                                         .firm = router.now}));
    EXPECT_EQ(router.actions, kTakeOver);
}

TEST(SyncGroup, MakesAnActiveRouterYield_WithAFarewell) {
    auto router = Router::active();
    router.after(400ms).on(GroupYielded{});
    EXPECT_EQ(router.election, (Election{State::Backup, Cause::GroupBackup, kInterval,
                                         router.now + router.patience(), kNoLease}));
    EXPECT_EQ(router.actions, kFarewellOnly);
}

TEST(SyncGroup, SaysNoFarewell_ForARouterThatWokeTooLate) {
    auto router = Router::active();
    router.at(router.election.lease).on(GroupYielded{});
    EXPECT_EQ(router.election.cause, Cause::LeaseExpired);
    EXPECT_EQ(router.actions, kNothing);
}

TEST(SyncGroup, ConcernsNobodyElse) {
    for (const Event& event : {Event(GroupTookOver{}), Event(GroupYielded{}), Event(GroupWaits{kStart})}) {
        Router fresh;
        EXPECT_EQ(fresh.on(event).election, Election{});
        EXPECT_EQ(fresh.actions, kNothing);
    }
    auto router = Router::active();
    const auto before = router.election;
    EXPECT_EQ(router.on(GroupWaits{kStart + 1h}).on(GroupTookOver{}).election, before);
    auto backup = Router::backup();
    const auto listening = backup.election;
    EXPECT_EQ(backup.on(GroupYielded{}).election, listening);
}

}  // namespace
}  // namespace vrrp_xdp::protocol

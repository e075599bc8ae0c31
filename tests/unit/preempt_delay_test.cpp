// SPDX-License-Identifier: BSD-2-Clause
// How long a Backup Router leaves a worse Active Router alone.
#include <gmock/gmock.h>

#include "protocol/state_machine.hpp"
#include "router.hpp"

namespace vrrp_xdp::protocol {
namespace {

using namespace std::chrono_literals;

Parameters delayed(Duration delay = 30s, int value = 100) {
    Parameters parameters = configured(value);
    parameters.preempt_delay = delay;
    return parameters;
}

/// Hears a router of priority 50 every interval until this time.
Router& hear_worse(Router& router, TimePoint until) {
    for (; router.now < until; router.now += kInterval) router.hear(50);
    return router;
}

TEST(PreemptDelay, FollowsAWorseRouter_UntilItIsOver) {
    auto router = Router::backup(delayed());
    const auto over = router.now + 30s;
    hear_worse(router, over - 5s);
    EXPECT_TRUE(router.followed);
    EXPECT_EQ(router.election.timer, router.now - kInterval + router.patience());
    hear_worse(router, over);
    EXPECT_EQ(router.election.timer, over) << "it wakes then, though nothing new is heard";
}

TEST(PreemptDelay, IsNotPutOff_ByWhatTheDataPlaneHears) {
    auto router = Router::backup(delayed(10s));
    router.hear(50);
    const auto over = router.now + 10s;
    router.after(9s).on(ActiveHeard{router.now});
    EXPECT_EQ(router.election.timer, over);
}

TEST(PreemptDelay, Preempts_AfterItsPatience_OnceItIsOver) {
    auto router = Router::backup(delayed(10s));
    router.hear(50);
    router.after(9s).on(ActiveHeard{router.now}).expire();
    EXPECT_EQ(router.election.state, State::Backup);
    EXPECT_FALSE(router.election.following);
    EXPECT_EQ(router.election.timer, router.now + router.patience());
    router.after(1s).hear(50);
    EXPECT_FALSE(router.followed);
    router.expire();
    EXPECT_EQ(router.election.state, State::Active);
    EXPECT_EQ(router.election.preempts_at, kNever);
}

TEST(PreemptDelay, IsNoReasonToWait_WhenTheActiveDies) {
    auto router = Router::backup(delayed());
    router.hear(50).after(1s).hear(50);
    const auto last = router.now;
    router.expire();
    EXPECT_EQ(router.now, last + router.patience());
    EXPECT_EQ(router.election.state, State::Active);
    auto leaving = Router::backup(delayed());
    leaving.hear(50).hear(kFarewell).expire();
    EXPECT_EQ(leaving.election.state, State::Active);
}

TEST(PreemptDelay, BeginsAnew_AfterABetterRouterWasHeard) {
    auto router = Router::backup(delayed(10s));
    router.hear(50).after(5s).hear(200);
    EXPECT_EQ(router.election.preempts_at, kNever);
    router.after(1s).hear(50);
    EXPECT_EQ(router.election.preempts_at, router.now + 10s);
}

TEST(PreemptDelay, IsNotForTheOwner) {
    auto router = Router::backup(delayed(30s, 255));
    const auto before = router.election;
    router.after(1s).hear(200);
    EXPECT_EQ(router.election, before);
}

TEST(PreemptDelay, BeginsAnew_WhenThePriorityChanges) {
    auto router = Router::backup(delayed(10s));
    router.hear(50);
    const Parameters before = router.parameters;
    router.parameters.priority = priority(40);
    router.after(9900ms).on(ParametersChanged{before});
    EXPECT_EQ(router.election.timer, router.now + router.patience()) << "it is the worse one now";
    router.hear(50);
    EXPECT_EQ(router.election.timer, router.now + router.patience());
}

}  // namespace
}  // namespace vrrp_xdp::protocol

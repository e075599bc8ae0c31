// SPDX-License-Identifier: BSD-2-Clause
// Which interval the observed gaps would have borne.
#include <gmock/gmock.h>

#include "status/advice.hpp"
#include "status/json.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Verdict = IntervalAdvice::Verdict;

/// A Backup Router at 100 ms, with priority 100, that has seen this.
VirtualRouter seen(protocol::Duration largest, protocol::Duration observed = 24h * 9) {
    VirtualRouter router = backup_router();
    router.gaps = Gaps{.count = 7'776'000,
                       .near_failovers = 0,
                       .observed = observed,
                       .largest = largest,
                       .largest_of = *router.running->active_down_interval,
                       .largest_lately = largest,
                       .lately = 1h};
    return router;
}

TEST(Advice, IsTheShortestInterval_ThatBearsTheDelayWithAThirdToSpare) {
    const Advice advice = advise(seen(114'200us));
    ASSERT_EQ(advice.intervals.size(), 7U);
    EXPECT_EQ(advice.intervals[0], (IntervalAdvice{10ms, 24'200us, 36'093'750ns, 324'843'750ns}));
    EXPECT_EQ(advice.intervals[0].verdict(), Verdict::NearFailover);
    EXPECT_EQ(advice.intervals[1].verdict(), Verdict::Borne);
    EXPECT_EQ(advice.recommended, 20ms);
    EXPECT_EQ(advice.summary,
              "in 9 days the largest of 7776000 gaps was 114.2 ms of 360.9 ms, which is 14.2 ms more than an "
              "interval");
}

TEST(Advice, SaysWhatWouldHaveBeenAFalseTakeover) {
    const Advice advice = advise(seen(150ms));
    EXPECT_EQ(advice.intervals[0].verdict(), Verdict::FalseTakeover);
    EXPECT_EQ(advice.recommended, 50ms);
    EXPECT_THAT(advice_text("eth0 vrid 10 ipv4", advice),
                HasSubstr("    10 ms: a false takeover, the largest gap 60 ms of 36.09 ms; a takeover 324.8 "
                          "ms sooner than now\n"));
}

TEST(Advice, MayBeNoInterval) {
    const Advice advice = advise(seen(5s));
    EXPECT_EQ(advice.recommended, std::nullopt);
    EXPECT_THAT(advice_text("eth0", advice), HasSubstr("No interval up to a second would have borne it"));
}

TEST(Advice, AsksForADayOfEvidence) {
    const Advice advice = advise(seen(114ms, 3h));
    EXPECT_TRUE(advice.intervals.empty());
    EXPECT_THAT(advice.summary, HasSubstr("too little evidence: in 3 hours the largest of"));
    EXPECT_FALSE(advise(seen(114ms, 24h)).intervals.empty());
}

TEST(Advice, TakesALargestGapOfAnotherIntervalByItsPart) {
    VirtualRouter router = seen(1'014ms);
    router.gaps->largest_of = 10 * *router.running->active_down_interval;
    EXPECT_EQ(advise(router).intervals[0].largest_gap, 24ms);
}

TEST(Advice, IsNotGiven_WhereNothingWasHeard) {
    EXPECT_THAT(advise(active_router()).summary, HasSubstr("ask at a Backup Router"));
    EXPECT_THAT(advise(dead_interface().virtual_routers.front()).summary, HasSubstr("nobody runs it"));
    VirtualRouter old = seen(114ms);
    old.running->version = protocol::Version::V2;
    EXPECT_THAT(advise(old).summary, HasSubstr("version 2"));
    VirtualRouter idle = initialize_router(protocol::Cause::InterfaceDown);
    idle.gaps = seen(114ms).gaps;
    EXPECT_THAT(advise(idle).summary, HasSubstr("is in Initialize"));
}

TEST(Advice, IsTheSameInJson) {
    const VirtualRouter router = seen(150ms);
    const auto json = to_json(running_interface({router}), router, advise(router));
    EXPECT_EQ(json["vrid"], 10);
    EXPECT_EQ(json["recommended-ms"], 50);
    EXPECT_EQ(json["intervals"][0]["outcome"], "false-takeover");
    EXPECT_EQ(json["intervals"][6]["outcome"], "borne");
}

}  // namespace
}  // namespace vrrp_xdp::status

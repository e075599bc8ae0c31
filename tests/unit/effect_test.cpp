// SPDX-License-Identifier: BSD-2-Clause
// What the findings of trackers mean to a Virtual Router.
#include "tracking/effect.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tracking/streak.hpp"

namespace vrrp_xdp::tracking {
namespace {

using config::Track;

const Finding up{.up = true};
const Finding down{.up = false};

Finding number(std::int64_t value) { return {.up = true, .value = value}; }

/// A Virtual Router that has a track of each effect, in the order of its trackers.
config::VirtualRouter router(int priority, const std::vector<decltype(Track::effect)>& effects) {
    config::VirtualRouter result{.vrid = *protocol::Vrid::from(10),
                                 .priority = *protocol::Priority::from(priority),
                                 .virtual_addresses = {}};
    for (std::size_t i = 0; i < effects.size(); ++i) result.tracks.push_back({std::to_string(i), effects[i]});
    return result;
}

/// What the trackers of router() have found, in their order.
Findings found(const std::vector<Finding>& list) {
    Findings findings;
    for (std::size_t i = 0; i < list.size(); ++i) findings[std::to_string(i)] = list[i];
    return findings;
}

Effect effect(int priority, bool faulted) { return {*protocol::Priority::from(priority), faulted}; }

TEST(Effect, IsAsConfigured_WhileAllIsUp) {
    const auto tracked = router(100, {Track::Fault{}, Track::Lower{50}, Track::AddValue{}});
    EXPECT_EQ(combine(tracked, found({up, up, number(0)}), Unknown::IsDown), effect(100, false));
    EXPECT_EQ(combine(router(100, {}), {}, Unknown::IsDown), effect(100, false));
}

TEST(Effect, AddsUpWhatChangesThePriority) {
    const auto tracked = router(200, {Track::Lower{50}, Track::Lower{30}, Track::AddValue{}});
    EXPECT_EQ(combine(tracked, found({down, up, number(7)}), Unknown::IsUp), effect(157, false));
    EXPECT_EQ(combine(tracked, found({down, down, number(-7)}), Unknown::IsUp), effect(113, false));
}

TEST(Effect, StaysWithinWhatABackupRouterMayHave_rfc9568_5_2_4) {
    const auto lowered = router(100, {Track::Lower{253}, Track::AddValue{}});
    EXPECT_EQ(combine(lowered, found({down, number(0)}), Unknown::IsUp), effect(1, false));
    EXPECT_EQ(combine(lowered, found({up, number(1000)}), Unknown::IsUp), effect(254, false));
    using Limits = std::numeric_limits<std::int64_t>;
    EXPECT_EQ(combine(lowered, found({up, number(Limits::max())}), Unknown::IsUp), effect(254, false));
    EXPECT_EQ(combine(lowered, found({up, number(Limits::min())}), Unknown::IsUp), effect(1, false));
}

TEST(Effect, IsFaulted_WhileOneOfThoseTrackersIsDown) {
    const auto tracked = router(100, {Track::Fault{}, Track::Fault{}, Track::Lower{50}});
    EXPECT_EQ(combine(tracked, found({up, down, up}), Unknown::IsUp), effect(100, true));
    EXPECT_EQ(combine(tracked, found({up, up, down}), Unknown::IsUp), effect(50, false));
}

TEST(Effect, NeverChangesTheOwnersPriority_rfc9568_5_2_4) {
    const auto owner = router(255, {Track::Fault{}});
    EXPECT_EQ(combine(owner, found({up}), Unknown::IsUp), effect(255, false));
    EXPECT_EQ(combine(owner, found({down}), Unknown::IsUp), effect(255, true));
}

TEST(Effect, TakesWhatIsUnknownAsItIsTold) {
    const auto tracked = router(100, {Track::Fault{}, Track::Lower{50}});
    EXPECT_EQ(combine(tracked, {}, Unknown::IsUp), effect(100, false));
    EXPECT_EQ(combine(tracked, {}, Unknown::IsDown), effect(50, true));
}

TEST(Streak, IsDecidedByTheFirst) {
    EXPECT_TRUE(Streak(3, 3).add(true));
    EXPECT_FALSE(Streak(3, 3).add(false));
}

TEST(Streak, ChangesOnlyAfterSoManyInARow) {
    Streak streak(2, 3);
    EXPECT_TRUE(streak.add(true));
    EXPECT_TRUE(streak.add(false));
    EXPECT_TRUE(streak.add(false));
    EXPECT_TRUE(streak.add(true));  // not in a row
    EXPECT_TRUE(streak.add(false));
    EXPECT_TRUE(streak.add(false));
    EXPECT_FALSE(streak.add(false));
    EXPECT_FALSE(streak.add(true));
    EXPECT_TRUE(streak.add(true));
}

}  // namespace
}  // namespace vrrp_xdp::tracking

// SPDX-License-Identifier: BSD-2-Clause
#include "served_interfaces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace vrrp_xdp::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// eth0, and two VLANs that come in at eth1.
class ServedInterfacesTest : public testing::Test {
  protected:
    ServedInterfacesTest() {
        add(served_, "eth0", "eth0");
        add(served_, "eth1.10", "eth1");
        add(served_, "eth1.20", "eth1");
    }

    Served::Respond note(std::string who) {
        return [this, who = std::move(who)](const nlohmann::json&) { answered_.push_back(who); };
    }

    ServedInterfaces served_;
    std::vector<std::string> answered_;
};

TEST(Phase, IsFollowedByWhatMayFollow) {
    using enum Phase;
    const std::vector<std::pair<Phase, std::vector<Phase>>> allowed{
        {Running, {Lost, Suspended, Released}},
        {Lost, {Suspended, Released}},
        {Suspended, {Running, Released}},
        {Released, {}},
    };
    for (const auto& [before, following] : allowed)
        for (const Phase next : {Running, Lost, Suspended, Released}) {
            const bool is_listed = std::find(following.begin(), following.end(), next) != following.end();
            EXPECT_EQ(may_follow(before, next), is_listed)
                << static_cast<int>(before) << " -> " << static_cast<int>(next);
        }
}

TEST_F(ServedInterfacesTest, BeginsAsRunning) {
    EXPECT_THAT(served_.in(Phase::Running), ElementsAre(0, 1, 2));
    EXPECT_FALSE(served_.all_released());
    EXPECT_FALSE(served_.is_any_leaving());
}

TEST_F(ServedInterfacesTest, APlaceThatNobodyHasHadIsNotServed) {
    EXPECT_EQ(served_.phase(3), Phase::Released);
    EXPECT_FALSE(served_.enter(3, Phase::Suspended));
}

TEST_F(ServedInterfacesTest, GoesThroughThePhasesOfBeingAttachedAgain) {
    EXPECT_TRUE(served_.enter(1, Phase::Lost));
    EXPECT_TRUE(served_.is_lost(1));
    EXPECT_FALSE(served_.enter(1, Phase::Lost)) << "it is told once";
    EXPECT_FALSE(served_.enter(1, Phase::Running)) << "the protocol thread still has it";
    EXPECT_TRUE(served_.enter(1, Phase::Suspended));
    EXPECT_TRUE(served_.is_lost(1));
    EXPECT_THAT(served_.in(Phase::Suspended), ElementsAre(1));
    EXPECT_TRUE(served_.enter(1, Phase::Running));
    EXPECT_FALSE(served_.is_lost(1));
}

TEST_F(ServedInterfacesTest, WhatIsReleasedStaysReleased) {
    served_.release(1);
    for (const Phase phase : {Phase::Running, Phase::Lost, Phase::Suspended, Phase::Released})
        EXPECT_FALSE(served_.enter(1, phase));
    EXPECT_FALSE(served_.is_served(1));
    EXPECT_EQ(served_.all()[1], nullptr);
}

TEST_F(ServedInterfacesTest, IsReleasedByItsReleaseAlone) {
    EXPECT_FALSE(served_.enter(0, Phase::Released));
    EXPECT_TRUE(served_.is_served(0));
}

TEST_F(ServedInterfacesTest, APlaceIsNeverAnotherOnes) {
    served_.release(2);
    EXPECT_EQ(served_.size(), 3);
    add(served_, "eth1.20", "eth1");
    EXPECT_EQ(served_.at(3).name, "eth1.20");
    EXPECT_FALSE(served_.is_served(2));
}

TEST_F(ServedInterfacesTest, ThoseOfOnePortAreThoseStillServedThere) {
    EXPECT_THAT(served_.at_port_of(0), ElementsAre(0));
    EXPECT_THAT(served_.at_port_of(2), ElementsAre(1, 2));
    served_.release(1);
    EXPECT_THAT(served_.at_port_of(2), ElementsAre(2));
}

TEST_F(ServedInterfacesTest, AllAreReleasedWithTheLast) {
    served_.release(0);
    served_.release(2);
    EXPECT_FALSE(served_.all_released());
    served_.release(1);
    EXPECT_TRUE(served_.all_released());
}

TEST_F(ServedInterfacesTest, NobodyIsAnsweredBeforeTheRelease) {
    served_.answer_when_released(1, note("first"));
    served_.answer_when_released(1, note("second"));
    served_.answer_when_handed_over(1, note("successor"));
    EXPECT_TRUE(served_.is_any_leaving());
    served_.enter(1, Phase::Lost);
    served_.enter(1, Phase::Suspended);
    EXPECT_TRUE(served_.is_any_leaving());
    EXPECT_THAT(answered_, IsEmpty());

    const auto left = served_.release(1);
    EXPECT_EQ(left.interface->name, "eth1.10");
    EXPECT_FALSE(served_.is_any_leaving());
    for (const auto& respond : left.detachers) respond({});
    left.successor({});
    EXPECT_THAT(answered_, ElementsAre("first", "second", "successor"));
}

TEST_F(ServedInterfacesTest, OnlyWhoAskedForItHearsOfARelease) {
    served_.answer_when_released(1, note("who asked for eth1.10"));
    EXPECT_THAT(served_.release(2).detachers, IsEmpty());
    EXPECT_TRUE(served_.is_any_leaving());
}

TEST_F(ServedInterfacesTest, WhatTakesItsPlaceInAReloadKeepsPhaseAndAnswers) {
    served_.enter(0, Phase::Suspended);
    served_.answer_when_released(0, note("who asked"));
    auto next = interface_at("eth0", "eth0");
    const auto* const expected = next.get();
    const auto before = served_.replace(0, std::move(next));
    EXPECT_NE(before.get(), expected);
    EXPECT_EQ(&served_.at(0), expected);
    EXPECT_EQ(served_.phase(0), Phase::Suspended);
    EXPECT_EQ(served_.release(0).detachers.size(), 1);
}

}  // namespace
}  // namespace vrrp_xdp::daemon

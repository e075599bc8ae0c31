// SPDX-License-Identifier: BSD-2-Clause
// What --mode auto is on each kind of interface.
#include "dataplane/mode.hpp"

#include <gtest/gtest.h>

namespace vrrp_xdp::dataplane {
namespace {

TEST(AutoMode, OnACard_IsNative_AndClsactWhereTheDriverHasNone) {
    const Choice choice = choose_mode(Mode::Auto, "");
    EXPECT_EQ(choice.first, Mode::Native);
    EXPECT_EQ(choice.otherwise, Mode::Clsact);
    EXPECT_EQ(choice.reason, "");
}

// A veth loses its answers, each slave of a bond would answer once, and the others have no driver.
TEST(AutoMode, WhereNativeXdpIsNotKnownToWork_IsClsact_AndSaysWhy) {
    for (const char* kind : {"veth", "bond", "bridge", "team", "macvlan", "macvtap", "vlan"}) {
        const Choice choice = choose_mode(Mode::Auto, kind);
        EXPECT_EQ(choice.first, Mode::Clsact) << kind;
        EXPECT_FALSE(choice.otherwise) << kind;
        EXPECT_NE(choice.reason.find(kind), std::string::npos) << choice.reason;
    }
}

TEST(ModeAskedFor, IsTaken_WhateverTheInterfaceIs) {
    for (const Mode mode : {Mode::Native, Mode::Generic, Mode::Clsact})
        for (const char* kind : {"", "veth", "bridge"}) {
            const Choice choice = choose_mode(mode, kind);
            EXPECT_EQ(choice.first, mode) << kind;
            EXPECT_FALSE(choice.otherwise) << kind;
        }
}

TEST(VlanTags, AreHiddenFromXdp_OnDevicesAboveOthers) {
    for (const char* kind : {"bridge", "bond", "team", "macvlan", "macvtap"})
        EXPECT_FALSE(xdp_comes_before_untagging(kind)) << kind;
    for (const char* kind : {"", "veth", "tun", "vlan"})
        EXPECT_TRUE(xdp_comes_before_untagging(kind)) << kind;
}

}  // namespace
}  // namespace vrrp_xdp::dataplane

// SPDX-License-Identifier: BSD-2-Clause
// keepalived's sync groups.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "keepalived_outcome.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string member(const std::string& name, int vrid, const std::string& lines = "") {
    return "vrrp_instance " + name + " {\n interface eth0\n virtual_router_id " + std::to_string(vrid) +
           "\n" + lines + "\n virtual_ipaddress {\n 192.0.2." + std::to_string(vrid) + "\n }\n}\n";
}

TEST(KeepalivedSyncGroup, Members_MoveTogether) {
    const Outcome outcome =
        import("vrrp_sync_group \"site a\" {\n group {\n A B\n }\n}\n" + member("A", 1) + member("B", 2));
    EXPECT_EQ(outcome.router(0).sync_group, "site-a");
    EXPECT_EQ(outcome.router(1).sync_group, "site-a");
    EXPECT_THAT(outcome.remarks, IsEmpty());
}

TEST(KeepalivedSyncGroup, MembersThatDiffer_AreNoGroup) {
    const Outcome outcome = import("vrrp_sync_group G {\n group {\n A\n B\n }\n}\n" + member("A", 1) +
                                   member("B", 2, " priority 150"));
    EXPECT_EQ(outcome.router(0).sync_group, "");
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("k.conf:1: vrrp_sync_group \"G\" is not carried over: its members "
                                      "differ in priority or nopreempt")));
}

TEST(KeepalivedSyncGroup, GroupOfOne_IsNone) {
    const Outcome outcome = import("vrrp_sync_group G {\n group {\n A\n C\n }\n}\n" + member("A", 1));
    EXPECT_EQ(outcome.router(0).sync_group, "");
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("member \"C\" is not carried over"),
                                             HasSubstr("two Virtual Routers at least")));
}

}  // namespace
}  // namespace vrrp_xdp::keepalived

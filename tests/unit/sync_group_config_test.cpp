// SPDX-License-Identifier: BSD-2-Clause
// The key sync-group: what it means, and what is a mistake.
#include <gtest/gtest.h>

#include <string>

#include "config/load.hpp"
#include "config_outcome.hpp"

namespace vrrp_xdp::config {
namespace {

/// eth0 and eth1 with a Virtual Router each, on lines 4 and 9; their keys begin on lines 6 and 11 in
/// column 9.
std::string two_interfaces(const std::string& inside, const std::string& outside) {
    return "interfaces:\n"
           "  eth0:\n"
           "    virtual-routers:\n"
           "      - vrid: 10\n"
           "        virtual-addresses: [192.0.2.254]\n"
           "        " +
           inside +
           "\n"
           "  eth1:\n"
           "    virtual-routers:\n"
           "      - vrid: 10\n"
           "        virtual-addresses: [198.51.100.254]\n"
           "        " +
           outside + "\n";
}

TEST(SyncGroupKey, JoinsVirtualRouters_AcrossInterfaces) {
    const auto config = parse(two_interfaces("sync-group: site-a", "sync-group: site-a"));
    ASSERT_TRUE(config);
    for (const Interface& interface : config->interfaces)
        EXPECT_EQ(interface.virtual_routers.at(0).sync_group, "site-a");
}

TEST(SyncGroupKey, IsEmpty_ByDefault) {
    const auto config = parse(two_interfaces("priority: 100", "priority: 200"));
    ASSERT_TRUE(config);
    EXPECT_EQ(config->interfaces.at(0).virtual_routers.at(0).sync_group, "");
}

TEST(SyncGroupKey, IsAMistake_WithoutAName) {
    EXPECT_EQ(reported(two_interfaces("sync-group: a b", "priority: 100")),
              "file:6:21: sync-group must be 1 to 32 letters, digits, \"-\", \"_\" or \".\", not "
              "\"a b\"\n");
}

TEST(SyncGroupKey, IsAMistake_OnOneVirtualRouterAlone) {
    EXPECT_EQ(reported(two_interfaces("sync-group: site-a", "sync-group: site_a")),
              "file:6:21: sync-group \"site-a\" has only this Virtual Router: give the other members the "
              "same sync-group, or remove the key\n"
              "file:11:21: sync-group \"site_a\" has only this Virtual Router: give the other members the "
              "same sync-group, or remove the key\n");
}

TEST(SyncGroupKey, IsAMistake_WhereMembersWantDifferentThings) {
    const std::string inside = "sync-group: a\n        priority: 200";
    EXPECT_EQ(reported(two_interfaces(inside, "sync-group: a\n        preempt: false")),
              "file:12:21: sync-group \"a\" changes state as one: priority must be the same for all members, "
              "not 100 "
              "here and "
              "200 on line 6\n"
              "file:12:21: sync-group \"a\" changes state as one: preempt must be the same for all members, "
              "not false "
              "here and "
              "true on line 6\n");
    EXPECT_EQ(reported(two_interfaces(inside, "sync-group: a\n        priority: 255")),
              "file:12:21: sync-group \"a\" changes state as one: priority must be the same for all members, "
              "not 255 "
              "here and "
              "200 on line 6\n");
}

}  // namespace
}  // namespace vrrp_xdp::config

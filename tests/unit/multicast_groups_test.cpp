// SPDX-License-Identifier: BSD-2-Clause
#include "net/multicast_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vrrp_xdp::net {
namespace {

using protocol::IpAddress;
using testing::ElementsAre;
using testing::IsEmpty;

IpAddress ip(const std::string& text) { return *IpAddress::parse(text); }

// As Linux 6.1 prints them on a machine whose bytes begin with the lowest.
constexpr const char* kIgmp =
    "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
    "1\tlo        :     1      V3\n"
    "\t\t\t\t010000E0     1 0:00000000\t\t0\n"
    "12\teth0      :     2      V3\n"
    "\t\t\t\t120000E0     1 0:00000000\t\t0\n"
    "\t\t\t\t010000E0     1 0:00000000\t\t0\n";
constexpr const char* kIgmp6 =
    "1    lo              ff020000000000000000000000000001     1 0000000C 0\n"
    "12   eth0            ff020000000000000000000000000012     2 00000004 0\n";

TEST(JoinedGroups, AreThoseOfEachInterface) {
    const JoinedGroups groups = read_joined_groups(kIgmp, kIgmp6);
    EXPECT_THAT(groups.at(12), ElementsAre(ip("224.0.0.1"), ip("224.0.0.18"), ip("ff02::12")));
    EXPECT_THAT(groups.at(1), ElementsAre(ip("224.0.0.1"), ip("ff02::1")));
}

TEST(JoinedGroups, AreNone_WhereNothingCanBeRead) {
    EXPECT_THAT(read_joined_groups("", ""), IsEmpty());
    EXPECT_THAT(read_joined_groups("\t\tzz\n7\n", "x\n3 eth0 ff02\n"), IsEmpty());
}

}  // namespace
}  // namespace vrrp_xdp::net

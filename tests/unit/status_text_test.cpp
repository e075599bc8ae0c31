// SPDX-License-Identifier: BSD-2-Clause
// What status, stats, explain and watch print.
#include <gmock/gmock.h>

#include <chrono>

#include "status/text.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(StatusText, IsATableOfVirtualRouters) {
    EXPECT_EQ(status_text(running_interface({active_router(), backup_router()})),
              "eth0: native mode, pid 4711, pins in /sys/fs/bpf/vrrp-xdp/net-1/eth0\n"
              "  VRID  STATE       PRIORITY  SINCE                 VIRTUAL MAC        LAST HEARD             "
              "            ADDRESSES\n"
              "    10  active      220 (200)  2026-11-28T13:14:05Z  00:00:5e:00:01:0a  nobody yet            "
              "             192.0.2.254 192.0.2.253\n"
              "    10  backup           100  2026-11-28T13:14:05Z  00:00:5e:00:01:0a  192.0.2.1 priority 200,"
              " 32 ms ago  192.0.2.254 192.0.2.253\n");
}

TEST(StatusText, SaysWhatIsWaitedFor_WhatDiffers_AndWhoLeaves) {
    VirtualRouter router = active_router();
    router.running->leaving = true;
    Interface interface = running_interface({router, initialize_router(protocol::Cause::None)});
    interface.running->reconciler = {{.name = "mtu", .must = "fits", .differs = "has too small an MTU"}};
    EXPECT_THAT(status_text(interface), HasSubstr("\n  eth0 has too small an MTU\n"));
    EXPECT_THAT(status_text(interface), HasSubstr("    10  leaving "));
    EXPECT_THAT(status_text(interface), HasSubstr("    10  initialize       100  -        "));
    interface.running->waiting = "there is no interface eth0";
    EXPECT_THAT(status_text(interface), StartsWith("eth0: waiting, pid 4711: there is no interface eth0\n"));
}

TEST(StatusText, OfADeadInstance_SaysWhatItLeft) {
    const std::string text = status_text(dead_interface());
    EXPECT_THAT(text, StartsWith("eth1: no instance is running, but one left its pins in "
                                 "/sys/fs/bpf/vrrp-xdp/net-1/eth1\n"
                                 "  remove them with 'vrrp-xdp detach eth1', or attach again\n"
                                 "  filter entries of the device: 01:00:5e:00:00:12\n"));
    EXPECT_THAT(text, HasSubstr("    10  ipv4    7          ended 2026-11-28T13:15:00Z  "));
    EXPECT_THAT(text, HasSubstr("    11  ipv4    -          none                        00:00:5e:00:01:0b  "
                                "1.5 s ago       192.0.2.253\n"));
    Interface interface = dead_interface();
    interface.virtual_routers.resize(1);
    interface.virtual_routers[0].lease_remaining = 132ms;
    EXPECT_THAT(status_text(interface), HasSubstr("for 132 ms more"));
    interface.virtual_routers.clear();
    EXPECT_THAT(status_text(interface), Not(HasSubstr("VRID")));
    EXPECT_THAT(status_text({.name = "eth1", .pins = "/p", .error = "of another ABI version"}),
                HasSubstr("\n  of another ABI version\n"));
}

TEST(StatsText, HasWhatWasCounted_AndZerosWhenAsked) {
    const std::vector<Interface> all{running_interface({active_router()})};
    const std::string text = counters_text(all, Zeros::LeaveOut);
    EXPECT_THAT(text, StartsWith("port eth0, frames of no Virtual Router\n"
                                 "             3  vrid-errors               VRID is not configured on this "
                                 "interface\n"
                                 "eth0 vrid 10 ipv4\n"));
    EXPECT_THAT(
        text,
        HasSubstr("\n             1  master-transitions        transitions of this router to Active\n"));
    EXPECT_THAT(text, Not(HasSubstr("checksum-errors")));
    EXPECT_THAT(counters_text(all, Zeros::Show),
                HasSubstr("\n             0  checksum-errors           checksum is wrong\n"));
}

TEST(StatsText, OfADeadInstance_LacksWhatOnlyTheControllerKnew) {
    const std::string text = counters_text({dead_interface()}, Zeros::Show);
    EXPECT_THAT(text, HasSubstr("eth1 vlan 7 vrid 10 ipv4, left by a dead instance\n"));
    EXPECT_THAT(text, HasSubstr("            40  advertisement-rcvd        valid advertisements\n"));
    EXPECT_THAT(text, Not(HasSubstr("advertisement-sent")));
    EXPECT_THAT(counters_text({dead_interface()}, Zeros::LeaveOut),
                HasSubstr("             -  nothing counted\n"));
}

TEST(StatsText, VlansOfOnePort_ShareItsCounters) {
    Interface vlan = running_interface({});
    vlan.name = "eth0.7";
    const std::string text = counters_text({running_interface({}), vlan}, Zeros::LeaveOut);
    EXPECT_EQ(text.find("port eth0"), text.rfind("port eth0"));
}

TEST(ExplainText, IsASentenceOnEachLine) {
    EXPECT_EQ(explanation_text({.state = "It is so", .facts = {"A."}, .next = {"B."}, .warnings = {"c"}}),
              "It is so.\n  A.\n  B.\n  WARNING: c\n");
}

TEST(WatchText, IsALineForEachVirtualRouter) {
    EXPECT_EQ(watch_heads(),
              "INTERFACE        VRID  FAMILY  STATE       PRIORITY  SINCE                       LATE  LAST "
              "HEARD");
    EXPECT_EQ(watch_line("eth0", active_router()),
              "eth0               10  ipv4    active           220  2026-11-28T13:14:05Z    0.953 ms  nobody "
              "yet");
    EXPECT_EQ(watch_line("eth0", backup_router()),
              "eth0               10  ipv4    backup           100  2026-11-28T13:14:05Z           -  "
              "192.0.2.1 priority 200, 0.0 s ago");
}

}  // namespace
}  // namespace vrrp_xdp::status

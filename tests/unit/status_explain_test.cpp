// SPDX-License-Identifier: BSD-2-Clause
// What explain says of a Virtual Router in each state.
#include <gmock/gmock.h>

#include <chrono>

#include "status/explanation.hpp"
#include "status_examples.hpp"

namespace vrrp_xdp::status {
namespace {

using namespace std::chrono_literals;
using protocol::Cause;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Explanation explained(const VirtualRouter& router) { return explain(running_interface({router}), router); }

TEST(Explain, Active_SaysWhatWouldEndIt) {
    const auto [state, facts, next, warnings] = explained(active_router());
    EXPECT_EQ(state,
              "eth0 vrid 10 ipv4 has been active since 2026-11-28T13:14:05Z, because no Active Router was "
              "heard any more");
    EXPECT_THAT(
        facts, ElementsAre("It has heard no other router.",
                           "Its last takeover was 0.9529 ms late: from the deadline until it had advertised.",
                           "Its own priority is 220 (configured: 200), its address 192.0.2.1.",
                           "Tracker load (value) is up: /run/weight holds 20."));
    EXPECT_THAT(next,
                ElementsAre("It becomes backup when a router advertises a priority above 220, or 220 from "
                            "an address above its own.",
                            "It stops answering in 182.4 ms unless another advertisement is sent before."));
    EXPECT_THAT(warnings, IsEmpty());
}

TEST(Explain, Owner_HasTheAddresses) {
    VirtualRouter router = active_router();
    router.running->is_owner = true;
    router.running->cause = Cause::Startup;
    router.running->priority = router.running->effective_priority = 255;
    const auto [state, facts, next, warnings] = explained(router);
    EXPECT_THAT(state, HasSubstr("because it started, and owns the addresses"));
    EXPECT_THAT(facts, Contains(HasSubstr("255 as the owner of the addresses")));
    EXPECT_THAT(next, Contains(HasSubstr("unless it also claims to be the owner")));
}

TEST(Explain, Leaving_SaysForHowLongItAnswers) {
    VirtualRouter router = active_router();
    router.running->leaving = true;
    EXPECT_THAT(explained(router).next, ElementsAre("It was asked to stop and sent a farewell. It answers "
                                                    "until it hears another router, for at most 182.4 ms."));
}

TEST(Explain, Backup_SaysWhomItHears_AndWhenItTakesOver) {
    const auto [state, facts, next, warnings] = explained(backup_router());
    EXPECT_THAT(state, HasSubstr("has been backup since 2026-11-28T13:14:05Z, because it started"));
    EXPECT_THAT(facts, Contains("It heard 192.0.2.1 with priority 200, last 32.1 ms ago."));
    EXPECT_THAT(next, ElementsAre("It becomes active when the Active Router is not heard for 360.9 ms "
                                  "(Active_Down_Interval), or 60.94 ms (Skew_Time) after a farewell.",
                                  "With a priority above 200 it would preempt that router."));
}

TEST(Explain, BetterBackup_SaysWhatItWaitsFor) {
    VirtualRouter router = backup_router();
    router.running->priority = router.running->effective_priority = 250;
    EXPECT_EQ(explained(router).next.size(), 1U);
    router.running->preempts_in = 1500ms;
    EXPECT_THAT(explained(router).next,
                Contains("It waits for another 1500 ms (preempt-delay) and then preempts that router."));
    router.running->preempt = false;
    EXPECT_THAT(explained(router).next, Contains(HasSubstr("is the higher one, but preempt is false")));
    router.running->effective_priority = 200;
    EXPECT_THAT(explained(router).next,
                Contains(HasSubstr("a higher priority alone would not make it active")));
}

TEST(Explain, Initialize_NamesTheRemedyOfItsCause) {
    const auto down = explained(initialize_router(Cause::InterfaceDown));
    EXPECT_THAT(down.state, HasSubstr("because the interface is down, or has lost its carrier"));
    EXPECT_THAT(down.next,
                ElementsAre("It starts when the interface is up and has a carrier: see 'ip link'."));
    EXPECT_THAT(explained(initialize_router(Cause::PrimaryAddressGone)).next,
                ElementsAre(HasSubstr("has an address of its family")));
    EXPECT_THAT(explained(initialize_router(Cause::GroupFaulted)).next,
                ElementsAre(HasSubstr("shows which cannot")));
    EXPECT_THAT(explained(initialize_router(Cause::Shutdown)).next,
                ElementsAre(HasSubstr("'ip link' and 'ip address'")));
}

TEST(Explain, TellsOfTrackersSignersAndGroups) {
    VirtualRouter router = backup_router();
    router.running->trackers = {
        {.name = "uplink",
         .effect = Tracker::Fault{},
         .state = Tracker::State::Down,
         .detail = "eth1 is down"},
        {.name = "check", .effect = Tracker::Weight{-50}, .detail = "its first run has not finished"}};
    router.running->signing_peer = {ip("192.0.2.1"), 7};
    router.running->sync_group = "both";
    const auto facts = explained(router).facts;
    EXPECT_THAT(facts, Contains("Tracker uplink (fault) is down: eth1 is down."));
    EXPECT_THAT(facts, Contains("Tracker check (-50) is unknown: its first run has not finished."));
    EXPECT_THAT(
        facts, Contains("192.0.2.1 signs its advertisements with key 7, which this router does not verify."));
    EXPECT_THAT(facts, Contains("It changes state together with the sync group both."));
}

TEST(Explain, WarnsOfWhatDiffers_AndOfCountersThatShouldBeZero) {
    VirtualRouter router = backup_router();
    router.counters.address_list_errors = 4;
    router.counters.packet_length_errors = 1;
    router.counters.arp_answered = 100;
    Interface interface = running_interface({router});
    interface.running->sending_fails = true;
    interface.running->reconciler = {{.name = "mtu", .must = "fits", .differs = "has too small an MTU"},
                                     {.name = "index", .must = "is there"}};
    EXPECT_THAT(explain(interface, router).warnings,
                ElementsAre("eth0 has too small an MTU",
                            "sending fails on eth0: leases expire; see the log for the reason",
                            "1 packet-length-errors: message is shorter than its header and addresses",
                            "4 address-list-errors: valid advertisements with other addresses than the "
                            "configured ones; make the virtual addresses equal on all routers"));
}

TEST(Explain, WaitingForAnInterface_ComesFirst) {
    const VirtualRouter router = initialize_router(Cause::None);
    Interface interface = running_interface({router});
    interface.running->waiting = "there is no interface eth0; it will be attached when it appears";
    EXPECT_EQ(explain(interface, router).facts.front(),
              "It waits: there is no interface eth0; it will be attached when it appears.");
}

TEST(Explain, Dead_SaysWhetherTheDataPlaneStillAnswers) {
    const Interface interface = dead_interface();
    VirtualRouter active = interface.virtual_routers[0];
    const VirtualRouter& backup = interface.virtual_routers[1];
    EXPECT_EQ(explain(interface, active).state,
              "no instance serves eth1 vlan 7 vrid 10 ipv4: the instance on eth1 is dead");
    EXPECT_THAT(explain(interface, active).facts,
                ElementsAre("It was active; the data plane stopped answering at 2026-11-28T13:15:00Z."));
    active.lease_remaining = 120ms;
    EXPECT_THAT(explain(interface, active).facts,
                ElementsAre("The data plane still answers for 120 ms, or until another router takes over."));
    EXPECT_THAT(explain(interface, backup).facts,
                ElementsAre("It was not active.", "The Active Router was heard 1500 ms ago."));
    EXPECT_THAT(explain(interface, backup).next,
                ElementsAre("Attach again, or remove what is left with 'vrrp-xdp detach eth1'."));
}

}  // namespace
}  // namespace vrrp_xdp::status

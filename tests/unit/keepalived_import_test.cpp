// SPDX-License-Identifier: BSD-2-Clause
// What a keepalived.conf becomes. What is expected of keepalived here is what its version 2.2.7 does with the
// same text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "keepalived_outcome.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::VirtualRouter;
using protocol::IpAddress;
using protocol::Version;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(KeepalivedImport, Instance_BecomesAVirtualRouter_WithKeepalivedsDefaults) {
    const Outcome outcome = import(instance(""));
    ASSERT_EQ(outcome.config.interfaces.size(), 1U);
    EXPECT_EQ(outcome.config.interfaces[0].name, "eth0");
    const VirtualRouter& router = outcome.router();
    EXPECT_EQ(router.vrid.value(), 10);
    EXPECT_EQ(router.version, Version::V2);
    EXPECT_EQ(router.priority.value(), 100);
    EXPECT_EQ(router.advertise_interval, std::chrono::seconds(1));
    EXPECT_TRUE(router.preempt);
    EXPECT_THAT(router.virtual_addresses, ElementsAre(*IpAddress::parse("192.0.2.1")));
}

TEST(KeepalivedImport, Values_AreCarriedOver) {
    const Outcome outcome =
        import(instance(" version 3\n priority 0150\n advert_int 0.25\n nopreempt\n state BACKUP"));
    EXPECT_EQ(outcome.router().version, Version::V3);
    EXPECT_EQ(outcome.router().priority.value(), 150);
    EXPECT_EQ(outcome.router().advertise_interval, std::chrono::milliseconds(250));
    EXPECT_FALSE(outcome.router().preempt);
}

TEST(KeepalivedImport, Version_IsTheGlobalOne_UnlessTheInstanceSaysAnother) {
    const std::string globals = "global_defs {\n vrrp_version 3\n}\n";
    EXPECT_EQ(import(globals + instance("")).router().version, Version::V3);
    EXPECT_EQ(import(globals + instance(" version 2")).router().version, Version::V2);
    EXPECT_EQ(import(instance("") + globals).router().version, Version::V3);
}

TEST(KeepalivedImport, VersionOfIpv6_IsThree) {
    EXPECT_EQ(import(instance(" version 2", "fe80::1")).router().version, Version::V3);
}

TEST(KeepalivedImport, Interval_IsRoundedAsKeepalivedDoes) {
    const Outcome v2 = import(instance(" advert_int 1.6"));
    EXPECT_EQ(v2.router().advertise_interval, std::chrono::seconds(2));
    EXPECT_THAT(v2.remarks,
                ElementsAre("k.conf:5: advert_int is 2000ms: keepalived uses this value in version 2"));
    EXPECT_EQ(import(instance(" advert_int 0.4")).router().advertise_interval, std::chrono::seconds(1));
    const Outcome v3 = import(instance(" version 3\n advert_int 0.015"));
    EXPECT_EQ(v3.router().advertise_interval, std::chrono::milliseconds(20));
    EXPECT_THAT(import(instance(" advert_int 256")).remarks,
                ElementsAre(HasSubstr("it must be a number of seconds from 0.01 to 255")));
    EXPECT_EQ(import(instance(" version 3\n advert_int 41")).router().advertise_interval,
              std::chrono::milliseconds(40950));
}

TEST(KeepalivedImport, NoPreempt_IsIgnored_WhereKeepalivedIgnoresIt) {
    const Outcome master = import(instance(" nopreempt\n state MASTER\n priority 150"));
    EXPECT_TRUE(master.router().preempt);
    EXPECT_THAT(master.remarks,
                ElementsAre("k.conf:5: \"nopreempt\" is not carried over: keepalived also ignores it, "
                            "with state MASTER"));
    EXPECT_TRUE(import(instance(" nopreempt\n priority 255")).router().preempt);
    EXPECT_TRUE(import(instance(" nopreempt\n preempt")).router().preempt);
}

TEST(KeepalivedImport, VirtualMac_IsThatOfUseVmac) {
    EXPECT_FALSE(import(instance("")).router().virtual_mac);
    EXPECT_TRUE(import(instance(" use_vmac")).router().virtual_mac);
    const Outcome other = import(instance(" use_vmac vrrp.10 02:00:00:00:00:01"));
    EXPECT_TRUE(other.router().virtual_mac);
    EXPECT_THAT(other.remarks,
                ElementsAre(HasSubstr("k.conf:5: MAC \"02:00:00:00:00:01\" is not carried over")));
}

TEST(KeepalivedImport, AcceptMode_IsOn_UnlessKeepalivedDrops) {
    EXPECT_TRUE(import(instance("")).router().accept_mode);
    EXPECT_FALSE(import(instance(" no_accept")).router().accept_mode);
    EXPECT_FALSE(import(instance(" strict_mode")).router().accept_mode);
    EXPECT_TRUE(import(instance(" version 3\n strict_mode on\n accept")).router().accept_mode);
    const std::string strict = "global_defs {\n vrrp_strict\n}\n";
    EXPECT_FALSE(import(strict + instance("")).router().accept_mode);
    EXPECT_TRUE(import(strict + instance(" strict_mode off")).router().accept_mode);
}

TEST(KeepalivedImport, Authentication_IsCarriedOver_InVersion2) {
    const auto with = [](const std::string& lines, const std::string& more = {}) {
        return import(instance(" authentication {\n" + lines + "\n}" + more));
    };
    const Outcome password = with("  auth_type PASS\n  auth_pass \"s e\"");
    EXPECT_EQ(password.router().authentication, (protocol::SharedSecret{'s', ' ', 'e'}));
    EXPECT_THAT(password.remarks, Not(testing::Contains(HasSubstr("auth"))));
    const Outcome long_one = with("  auth_type PASS\n  auth_pass 123456789");
    EXPECT_EQ(long_one.router().authentication,
              (protocol::SharedSecret{'1', '2', '3', '4', '5', '6', '7', '8'}));
    EXPECT_THAT(long_one.remarks, testing::Contains(HasSubstr("only the first 8 characters of auth_pass")));
}

/// Left out silently, it would make two routers Active.
TEST(KeepalivedImport, Signing_IsRefused_WhereverItStands) {
    const std::string why =
        " cannot be carried over: vrrp-xdp does not sign, and a keepalived that verifies signatures may "
        "ignore it, so that both would be Active. Remove it on all routers of the VRID first";
    using testing::ElementsAre;
    EXPECT_THAT(failure_of(instance(" auth_hmac 1 secret")), ElementsAre("k.conf:5: \"auth_hmac\"" + why));
    EXPECT_THAT(failure_of(instance(" nonsense\n authentication {\n  auth_type HMAC\n  auth_pass x\n }")),
                ElementsAre("k.conf:7: \"auth_type\"" + why));
    EXPECT_THAT(failure_of(instance(" auth_hmac {\n key 1\n }\n auth_hmac_key 2")),
                ElementsAre("k.conf:5: \"auth_hmac\"" + why, "k.conf:8: \"auth_hmac_key\"" + why));
}

TEST(KeepalivedImport, Authentication_IsLeftOut_AndNeverQuoted_WhereThereIsNoneInVersion2) {
    struct Case {
        std::string block, more, why;
    };
    for (const Case& each :
         {Case{"auth_type PASS\n auth_pass hidden", " version 3", "keepalived also ignores it in version 3"},
          Case{"auth_type PASS\n auth_pass hidden", " strict_mode on", "keepalived also ignores it"},
          Case{"auth_type PASS", "", "keepalived also ignores it without an auth_pass"},
          Case{"auth_type pass\n auth_pass hidden", "", "without an auth_type PASS or AH"},
          Case{"auth_type AH\n auth_pass hidden", "", "only auth_type PASS is supported"},
          Case{"auth_type PASS\n auth_pass hidden\xc3\xa4", "", "printable ASCII"}}) {
        const Outcome outcome = import(instance(" authentication {\n " + each.block + "\n}\n" + each.more));
        EXPECT_FALSE(outcome.router().authentication) << each.why;
        EXPECT_THAT(outcome.remarks, testing::AllOf(testing::Contains(HasSubstr(each.why)),
                                                    Not(testing::Contains(HasSubstr("hidden")))));
    }
}

TEST(KeepalivedImport, PreemptDelay_IsCarriedOver_WhereKeepalivedKnowsIt) {
    EXPECT_EQ(import(instance(" preempt_delay 1.5")).router().preempt_delay, std::chrono::milliseconds(1500));
    for (const std::string line :
         {"nopreempt", "state MASTER", "priority 255", "strict_mode", "state BACKUP\n priority 255"}) {
        const Outcome outcome = import(instance(" preempt_delay 2\n " + line));
        EXPECT_EQ(outcome.router().preempt_delay, std::chrono::seconds(0)) << line;
        EXPECT_THAT(outcome.remarks,
                    testing::Contains(HasSubstr("k.conf:5: \"preempt_delay\" is not carried over")))
            << line;
    }
}

TEST(KeepalivedImport, PreemptDelay_ThatIsNoTime_IsTold) {
    EXPECT_THAT(import(instance(" preempt_delay 1001")).remarks,
                ElementsAre(HasSubstr("k.conf:5: \"preempt_delay\"")));
}

TEST(KeepalivedImport, StartupDelay_IsCarriedOver) {
    const std::string globals = "global_defs {\n vrrp_startup_delay 5.5\n}\n";
    EXPECT_EQ(import(globals + instance("")).config.startup_delay, std::chrono::milliseconds(5500));
}

TEST(KeepalivedImport, Announcements_AreThoseOfTheInstance_OrTheGlobalOnes) {
    EXPECT_EQ(import(instance("")).router().announcements, config::Announcements{});
    EXPECT_EQ(import(instance(" garp_master_delay 0")).router().announcements.repeat, 0U);
    EXPECT_EQ(import(instance(" garp_master_delay 3")).router().announcements.repeat_after,
              std::chrono::seconds(3));
    const std::string globals = "global_defs {\n vrrp_garp_master_refresh 60\n vrrp_min_garp\n}\n";
    const auto announcements = import(globals + instance(" garp_master_delay 7")).router().announcements;
    EXPECT_EQ(announcements.refresh, std::chrono::seconds(60));
    EXPECT_EQ(announcements.repeat, 1U);
    EXPECT_EQ(import(globals + instance("")).router().announcements.repeat, 0U);
    EXPECT_THAT(import(instance(" garp_master_refresh_repeat 9\n garp_master_refresh -1")).remarks,
                ElementsAre(HasSubstr("k.conf:5: \"garp_master_refresh_repeat\""),
                            HasSubstr("k.conf:6: \"garp_master_refresh\"")));
}

TEST(KeepalivedImport, Bursts_AreThoseThatAreAskedFor_UpToTen) {
    const auto burst_of = [](const std::string& text) { return import(text).router().announcements.burst; };
    EXPECT_EQ(burst_of(instance("")), 1U);
    EXPECT_EQ(burst_of(instance(" garp_master_repeat 9")), 9U);
    EXPECT_EQ(burst_of(instance(" garp_master_repeat 0")), 1U);
    const std::string globals = "global_defs {\n vrrp_garp_master_repeat 3\n}\n";
    EXPECT_EQ(burst_of(globals + instance("")), 3U);
    EXPECT_EQ(burst_of(globals + instance(" garp_master_repeat 2")), 2U);
    const Outcome outcome = import(instance(" garp_master_repeat 50"));
    EXPECT_EQ(outcome.router().announcements.burst, 10U);
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("k.conf:5: \"garp_master_repeat\" is 10, and not 50")));
    EXPECT_THAT(outcome.yaml, HasSubstr("announcements: {burst: 10}"));
}

TEST(KeepalivedImport, ExcludedAddresses_AreNotAdvertised) {
    const Outcome outcome =
        import(instance(" virtual_ipaddress_excluded {\n 192.0.2.77/24 dev eth0\n 192.0.2.78\n}"));
    EXPECT_THAT(outcome.router().unadvertised_addresses(),
                ElementsAre(*IpAddress::parse("192.0.2.77"), *IpAddress::parse("192.0.2.78")));
    EXPECT_THAT(outcome.router().advertised_addresses(), testing::SizeIs(1));
    EXPECT_THAT(outcome.yaml, HasSubstr("unadvertised-addresses: [192.0.2.77, 192.0.2.78]"));
}

TEST(KeepalivedImport, ExcludedAddresses_ThatCannotBe_AreTold) {
    const Outcome outcome = import(instance(
        " virtual_ipaddress_excluded {\n 2001:db8::1\n 192.0.2.78 dev eth7\n 192.0.2.79\n 192.0.2.79\n}"));
    EXPECT_THAT(outcome.router().unadvertised_addresses(), ElementsAre(*IpAddress::parse("192.0.2.79")));
    EXPECT_THAT(
        outcome.remarks,
        testing::UnorderedElementsAre(
            HasSubstr("k.conf:6: \"2001:db8::1\" is not carried over: it is of another family"),
            HasSubstr("k.conf:7: 192.0.2.78 on \"eth7\" is not carried over"), HasSubstr("nothing is lost")));
}

TEST(KeepalivedImport, UnicastPeers_AreCarriedOver) {
    const Outcome outcome = import(instance(" unicast_peer {\n 192.0.2.2\n 192.0.2.3 min_ttl 254\n}"));
    EXPECT_THAT(outcome.router().unicast_peers,
                ElementsAre(*IpAddress::parse("192.0.2.2"), *IpAddress::parse("192.0.2.3")));
    EXPECT_EQ(outcome.router().minimum_ttl, 1);
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("k.conf:6: a peer's advertisement may have any TTL")));
    EXPECT_EQ(import(instance(" unicast_peer {\n 192.0.2.3 min_ttl 254\n}")).router().minimum_ttl, 254);
}

TEST(KeepalivedImport, SourceAddress_IsCarriedOver_OfUnicastAndMulticast) {
    for (const std::string key : {"unicast_src_ip", "mcast_src_ip"}) {
        const Outcome outcome = import(instance(" " + key + " 192.0.2.77\n"));
        EXPECT_EQ(outcome.router().source_address, IpAddress::parse("192.0.2.77"));
        EXPECT_THAT(outcome.remarks, testing::IsEmpty());
        EXPECT_THAT(outcome.yaml, HasSubstr("source-address: \"192.0.2.77\""));
    }
}

TEST(KeepalivedImport, SourceAddressThatCannotBe_IsTold) {
    for (const std::string address : {"192.0.2.1", "x"}) {
        const Outcome outcome = import(instance(" mcast_src_ip " + address + "\n"));
        EXPECT_FALSE(outcome.router().source_address);
        EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("mcast_src_ip")));
    }
}

TEST(KeepalivedImport, UnicastPeersThatAreNone_AreTold) {
    const Outcome outcome =
        import(instance(" unicast_peer {\n 192.0.2.1\n fe80::1\n x\n 192.0.2.2 max_ttl 3\n 192.0.2.2\n}"));
    EXPECT_EQ(outcome.router().unicast_peers.size(), 1U);
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("k.conf:6: \"192.0.2.1\" is not carried over as a peer: it is a "
                                      "virtual address; that router would not hear this one"),
                            HasSubstr("k.conf:9: max_ttl"), HasSubstr("k.conf:6: a peer's"),
                            HasSubstr("k.conf:7: \"fe80::1\""), HasSubstr("k.conf:8: \"x\""),
                            HasSubstr("k.conf:10: \"192.0.2.2\"")));
}

TEST(KeepalivedImport, UnicastWithoutAPeer_IsNeverTurnedIntoMulticast) {
    for (const std::string peers : {"", " x\n", " 192.0.2.1\n"}) {
        EXPECT_THAT(failure_of(instance(" unicast_peer {\n" + peers + "}")),
                    testing::Contains(HasSubstr("no unicast_peer is left")));
    }
    EXPECT_EQ(import(instance(" unicast_peer {\n 192.0.2.2/24\n}")).router().unicast_peers.size(), 1U);
}

TEST(KeepalivedImport, Priority_DependsOnTheState_WhereThereIsNone) {
    const Outcome outcome = import(instance(" state MASTER"));
    EXPECT_EQ(outcome.router().priority.value(), 255);
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("state MASTER sets it to 255")));
    EXPECT_EQ(import(instance(" state MASTER\n priority 0")).router().priority.value(), 100);
    EXPECT_EQ(import(instance(" state MASTER\n state EQUAL")).router().priority.value(), 100);
    EXPECT_EQ(import(instance(" state MASTER\n state BACKUP")).router().priority.value(), 255);
}

TEST(KeepalivedImport, StrictMode_KnowsNoStateMaster_BelowTheOwner) {
    const std::string strict = "global_defs {\n vrrp_strict\n}\n";
    EXPECT_FALSE(import(strict + instance(" state MASTER\n priority 150\n nopreempt")).router().preempt);
    EXPECT_TRUE(import(instance(" state MASTER\n priority 150\n nopreempt")).router().preempt);
    EXPECT_FALSE(import(strict + instance(" accept")).router().accept_mode);
}

TEST(KeepalivedImport, Ipv6ByUnicast_NeedsNoLinkLocalAddress) {
    const Outcome outcome = import(instance(" unicast_peer {\n 2001:db8::2\n}", "2001:db8::1"));
    EXPECT_THAT(outcome.router().virtual_addresses, ElementsAre(*IpAddress::parse("2001:db8::1")));
}

TEST(KeepalivedImport, InstanceWithoutAName_OrWithThatOfAnother_IsIgnored) {
    const Outcome outcome = import("vrrp_instance {\n interface eth9\n}\n" + instance("") +
                                   instance(" priority 50", "192.0.2.9"));
    EXPECT_EQ(outcome.config.interfaces.size(), 1U);
    EXPECT_EQ(outcome.router().priority.value(), 100);
    EXPECT_EQ(outcome.remarks.size(), 2U);
}

TEST(KeepalivedImport, Checksum_IsTheOneThatTheFileAsksFor) {
    EXPECT_EQ(import(instance(" version 3\n v3_checksum_as_v2")).router().checksum,
              config::Checksum::MessageOnly);
    EXPECT_THAT(import(instance(" old_unicast_checksum")).remarks,
                ElementsAre(HasSubstr("older than keepalived 1.3.6")));
}

TEST(KeepalivedImport, Remarks_AreInOrderOfTheirConsequence_AndHarmlessOnesShareALine) {
    const Outcome outcome = import("global_defs {\n router_id a\n process_names\n}\n" +
                                   instance(" down_timer_adverts 5", "192.0.2.1/24\n198.51.100.1 dev eth1"));
    EXPECT_THAT(
        outcome.lines,
        ElementsAre(HasSubstr("198.51.100.1 on \"eth1\" is not carried over"),
                    HasSubstr("\"down_timer_adverts\" is not carried over"), HasSubstr("prefix lengths"),
                    "nothing is lost without \"router_id\" (k.conf:2), \"process_names\" (k.conf:3)"));
}

TEST(KeepalivedImport, Summary_NamesWhatIsLeftOut_AndWhy) {
    const auto imported =
        import_text(instance("") + "vrrp_instance LAN {\n interface eth1\n virtual_router_id 1\n}\n" +
                    "vrrp_instance WAN {\n interface eth2\n virtual_router_id 1\n}\n" +
                    "vrrp_instance DMZ {\n interface eth2\n}\n");
    ASSERT_TRUE(imported);
    EXPECT_EQ(
        summary_of(*imported),
        "1 of 4 instances carried over; not carried over: LAN, WAN (no address), DMZ (no virtual_router_id)");
}

TEST(KeepalivedYaml, Defaults_AreLeftOut_AndARaisedPriorityIsExplained) {
    const Outcome plain = import(instance(" version 3"));
    for (const std::string key : {"version", "priority", "advertise-interval", "announcements"})
        EXPECT_THAT(plain.yaml, Not(HasSubstr(key + ":")));
    EXPECT_THAT(import(instance(" track_interface {\n eth1 weight 20\n}")).yaml,
                HasSubstr("priority: 120  # 100 in keepalived, including what is added"));
}

TEST(KeepalivedImport, InstancesOfOneInterface_StandTogether) {
    const std::string other =
        "vrrp_instance B {\n interface eth1\n virtual_router_id 1\n virtual_ipaddress { 192.0.2.7 }\n}\n";
    const std::string third =
        "vrrp_instance C {\n interface eth0\n virtual_router_id 2\n virtual_ipaddress { 192.0.2.8 }\n}\n";
    const Outcome outcome = import(instance("") + other + third);
    ASSERT_EQ(outcome.config.interfaces.size(), 2U);
    EXPECT_EQ(outcome.router(1).vrid.value(), 2);
    EXPECT_THAT(outcome.yaml, HasSubstr("vrid: 2  # vrrp_instance C, k.conf:"));
}

TEST(KeepalivedAddresses, OptionsThatMakeNoDifference_AreLeftOutSilently) {
    const Outcome outcome =
        import(instance("", "192.0.2.1/32 dev eth0 label eth0:1\n192.0.2.2 brd 192.0.2.255"));
    EXPECT_EQ(outcome.router().virtual_addresses.size(), 2U);
    EXPECT_THAT(outcome.remarks, IsEmpty());
}

TEST(KeepalivedAddresses, PrefixLengths_AreToldOnce) {
    const Outcome outcome = import(instance("", "192.0.2.1/24\n192.0.2.2/24"));
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("k.conf:7: prefix lengths of virtual addresses are removed")));
}

TEST(KeepalivedAddresses, AddressOfAnotherDevice_IsTold) {
    const Outcome outcome = import(instance("", "192.0.2.1\n198.51.100.1/24 dev eth1"));
    EXPECT_THAT(outcome.router().virtual_addresses, ElementsAre(*IpAddress::parse("192.0.2.1")));
    EXPECT_THAT(outcome.remarks,
                testing::Contains(HasSubstr("k.conf:8: 198.51.100.1 on \"eth1\" is not carried over")));
}

TEST(KeepalivedAddresses, OptionThatIsLost_IsTold) {
    EXPECT_THAT(
        import(instance("", "192.0.2.1 scope link")).remarks,
        ElementsAre(
            "k.conf:7: \"scope\" of \"192.0.2.1\" is not carried over: virtual addresses have no options"));
}

TEST(KeepalivedAddresses, OfTwoFamilies_ThoseOfTheSecondAreTold) {
    const Outcome outcome = import(instance("", "192.0.2.1\nfe80::1"));
    EXPECT_EQ(outcome.router().virtual_addresses.size(), 1U);
    EXPECT_THAT(
        outcome.remarks,
        ElementsAre(HasSubstr("k.conf:8: \"fe80::1\" is not carried over: keepalived also ignores it")));
}

TEST(KeepalivedAddresses, LinkLocalOfIpv6_ComesFirst) {
    const Outcome outcome = import(instance("", "2001:db8::1\nfe80::9\n2001:db8::2"));
    EXPECT_THAT(outcome.router().virtual_addresses,
                ElementsAre(*IpAddress::parse("fe80::9"), *IpAddress::parse("2001:db8::1"),
                            *IpAddress::parse("2001:db8::2")));
    EXPECT_THAT(outcome.remarks, IsEmpty());
}

TEST(KeepalivedAddresses, MissingLinkLocal_IsAddedAndTold) {
    const Outcome outcome = import(instance("", "2001:db8::"));
    EXPECT_THAT(outcome.router().virtual_addresses,
                ElementsAre(*IpAddress::parse("fe80::a"), *IpAddress::parse("2001:db8::")));
    EXPECT_THAT(outcome.remarks,
                ElementsAre(HasSubstr("k.conf:2: vrrp_instance \"VI_1\" has no link-local address")));
}

TEST(KeepalivedAddresses, NoAddresses_AreTold) {
    for (const std::string address : {"127.0.0.1", "name", "::ffff:192.0.2.1", "224.0.0.18", "1.2.3.4.5"})
        EXPECT_THAT(failure_of(instance("", address)),
                    testing::Contains(HasSubstr("k.conf:7: \"" + address + "\" is not carried over")));
}

TEST(KeepalivedAddresses, AddressTwice_IsTold) {
    const Outcome outcome = import(instance("", "192.0.2.1\n192.0.2.1"));
    EXPECT_THAT(outcome.remarks, ElementsAre(HasSubstr("k.conf:8: \"192.0.2.1\" is not carried over: it is a "
                                                       "duplicate on eth0, first defined at k.conf:7")));
}

TEST(KeepalivedImport, InstanceThatIsNoVirtualRouter_IsTold) {
    const auto without = [](const std::string& lines) {
        return failure_of("vrrp_instance A {\n" + lines + "\n}\n");
    };
    const std::string addresses = "virtual_ipaddress {\n192.0.2.1\n}\n";
    EXPECT_THAT(without("virtual_router_id 1\n" + addresses),
                testing::Contains("k.conf:1: vrrp_instance \"A\" is not carried over: it has no interface, "
                                  "but vrrp-xdp attaches to interfaces"));
    EXPECT_THAT(
        without("interface eth0\n" + addresses),
        testing::Contains("k.conf:1: vrrp_instance \"A\" is not carried over: it has no virtual_router_id"));
    EXPECT_THAT(without("interface eth0\nvirtual_router_id 1"),
                ElementsAre(HasSubstr("it has no address left"),
                            "k.conf: there is no vrrp_instance that can be carried over"));
}

TEST(KeepalivedImport, VridTwice_IsTold) {
    const Outcome outcome = import(instance("") +
                                   "vrrp_instance B {\n interface eth0\n virtual_router_id 10\n"
                                   " virtual_ipaddress { 192.0.2.2 }\n}\n");
    EXPECT_EQ(outcome.config.interfaces[0].virtual_routers.size(), 1U);
    EXPECT_THAT(
        outcome.remarks,
        ElementsAre(HasSubstr("its virtual_router_id is already used on this interface, at k.conf:2")));
}

TEST(KeepalivedImport, ValuesThatAreNone_AreTold) {
    EXPECT_THAT(import(instance(" priority 256\n version 4\n advert_int x\n state FOO")).remarks,
                ElementsAre("k.conf:5: \"priority\" is not carried over: it must be a number from 1 to 255 "
                            "and is 100, as in keepalived, not \"256\"",
                            HasSubstr("k.conf:6: \"version\""), HasSubstr("k.conf:7: \"advert_int\""),
                            HasSubstr("k.conf:8: \"state\"")));
    EXPECT_THAT(failure_of("vrrp_instance A {\n interface a/b\n virtual_router_id 0x5\n}\n"),
                testing::IsSupersetOf(
                    {HasSubstr("k.conf:2: \"interface\""), HasSubstr("k.conf:3: \"virtual_router_id\"")}));
}

TEST(KeepalivedImport, EverythingElse_IsNamed_WithItsLineAndWhy) {
    const Outcome outcome = import("global_defs {\n router_id a\n smtp_server 192.0.2.9\n}\n" +
                                   instance(" vmac_xmit_base\n bogus") +
                                   "virtual_server 192.0.2.1 80 {\n real_server 10.0.0.1 80 {\n }\n}\n");
    EXPECT_THAT(
        outcome.remarks,
        ElementsAre(
            HasSubstr("k.conf:10: \"bogus\" is not carried over: it is unknown"),
            HasSubstr("k.conf:15: \"virtual_server\" is not carried over: vrrp-xdp does not balance load"),
            HasSubstr("k.conf:3: mail is passed to this host's /usr/sbin/sendmail"),
            HasSubstr("k.conf:2: \"router_id\" is not carried over: "),
            HasSubstr("k.conf:9: \"vmac_xmit_base\"")));
    for (const std::string& line : outcome.lines) EXPECT_THAT(outcome.yaml, HasSubstr("# - " + line + "\n"));
}

TEST(KeepalivedImport, FileWithMistakesOfSyntax_IsNotImported) {
    EXPECT_THAT(failure_of("vrrp_instance A {\n"),
                ElementsAre("k.conf:1: the block \"vrrp_instance\" is not closed: a } is missing"));
}

TEST(KeepalivedYaml, NamesAndRemarks_CannotBreakOut) {
    const Outcome outcome = import(
        "vrrp_instance \"a\v- b: \x01{\" {\n interface \"{x}\"\n virtual_router_id 1\n"
        " \"foo\\nbar\" x\n virtual_ipaddress {\n 192.0.2.1\n }\n}\n");
    EXPECT_EQ(outcome.config.interfaces.at(0).name, "{x}");
    EXPECT_THAT(outcome.yaml, Not(HasSubstr("\n- b:")));
}

TEST(KeepalivedYaml, InterfaceNames_ThatYamlTakesForOthers_StayNames) {
    for (const std::string name :
         {"1", "true", "null", "~", "-", "eth0.20", "a#b", "'", "[", "!x", "&a", "*a", "?", "%"}) {
        const std::string quoted = "\"" + name + "\"";
        const Outcome outcome = import("vrrp_instance A {\n interface " + quoted +
                                       "\n virtual_router_id 1\n"
                                       " virtual_ipaddress { 192.0.2.1 }\n}\n");
        ASSERT_EQ(outcome.config.interfaces.size(), 1U) << name;
        EXPECT_EQ(outcome.config.interfaces[0].name, name);
    }
}

}  // namespace
}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
// A virtual address that somebody else's ARP claims is counted, and reported once a second.
#include <chrono>
#include <cstddef>
#include <span>
#include <thread>

#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

using ArpClaim = DataPlane;

const Bytes kClaimByReply = arp_announcement(kHostMac, kArpReply);
const Bytes kClaimByRequest = arp_announcement(kHostMac);

TEST_F(ArpClaim, InAReply_IsCountedReportedAndPassed) {
    EXPECT_EQ(receive(kClaimByReply),
              passed(kClaimByReply).counting(VRRP_XDP_VR_arp_claims).reporting_claim());
}

TEST_F(ArpClaim, InAnAnnouncement_IsDefendedByTheActive_rfc5227_2_4) {
    become_active();
    const Bytes defence = Ethernet{.destination = kHostMac, .source = kVirtualMac}.frame(
        kEthertypeArp, Arp{.operation = kArpReply,
                           .sender_mac = kVirtualMac,
                           .sender_ip = kVirtualIp,
                           .target_mac = kHostMac,
                           .target_ip = kVirtualIp}
                           .bytes());
    EXPECT_EQ(receive(kClaimByRequest), sent_back(defence)
                                            .counting(VRRP_XDP_VR_arp_claims)
                                            .counting(VRRP_XDP_VR_arp_answered)
                                            .reporting_claim());
}

TEST_F(ArpClaim, InAnAnnouncement_IsLeftToTheActive_ByABackup) {
    EXPECT_EQ(receive(kClaimByRequest), dropped(kClaimByRequest)
                                            .counting(VRRP_XDP_VR_arp_claims)
                                            .counting(VRRP_XDP_VR_arp_not_answered)
                                            .reporting_claim());
}

TEST_F(ArpClaim, InARequestForAnotherAddress_IsCountedAndPassed) {
    const Bytes request = kHostBroadcast.frame(
        kEthertypeArp, Arp{.sender_mac = kHostMac, .sender_ip = kVirtualIp, .target_ip = kPeerIp}.bytes());
    EXPECT_EQ(receive(request), passed(request).counting(VRRP_XDP_VR_arp_claims).reporting_claim());
}

TEST_F(ArpClaim, IsNoneWhenTheVirtualMacSaysIt) {
    const Bytes announcement = arp_announcement(kVirtualMac, kArpReply);
    EXPECT_EQ(receive(announcement), passed(announcement));
}

TEST_F(ArpClaim, IsToldByTheMacInsideTheArp_NotByTheFrames) {
    const Bytes claim = Ethernet{.destination = kBroadcastMac, .source = kVirtualMac}.frame(
        kEthertypeArp, Arp{.operation = kArpReply,
                           .sender_mac = kPeerMac,
                           .sender_ip = kVirtualIp,
                           .target_mac = kHostMac,
                           .target_ip = kHostIp}
                           .bytes());
    EXPECT_EQ(receive(claim), passed(claim).counting(VRRP_XDP_VR_arp_claims).reporting_claim());
    EXPECT_EQ(MacAddress{std::to_array(events().at(0).record.source_mac)}, kPeerMac);
}

TEST_F(ArpClaim, ByTheVirtualMacOfAnotherVirtualRouter_IsOne) {
    add({.vrid = 20, .addresses = {"198.51.100.1"}});
    const Bytes claim = arp_announcement(ipv4_virtual_mac(20), kArpReply);
    EXPECT_EQ(receive(claim), passed(claim).counting(VRRP_XDP_VR_arp_claims).reporting_claim());
}

TEST_F(ArpClaim, Report_TellsWhenWhereWhoAndWhat) {
    const auto slot = add({.vrid = 20, .addresses = {"198.51.100.1"}});
    const Bytes claim = kHostBroadcast.frame(kEthertypeArp, Arp{.operation = kArpReply,
                                                                .sender_mac = kHostMac,
                                                                .sender_ip = ip("198.51.100.1"),
                                                                .target_mac = kPeerMac,
                                                                .target_ip = kPeerIp}
                                                                .bytes());
    const std::uint64_t before = boot_now();
    receive(claim);
    const std::uint64_t after = boot_now();

    ASSERT_EQ(events().size(), 1U);
    const vrrp_xdp_event& event = events().front().record;
    EXPECT_GE(event.received_ns, before);
    EXPECT_LE(event.received_ns, after);
    EXPECT_EQ(event.received_ns, stamp(slot).claim_ns);
    EXPECT_EQ(event.ifindex, 1U);
    EXPECT_EQ(event.slot, slot);
    EXPECT_EQ(event.type, VRRP_XDP_CLAIM);
    EXPECT_EQ(event.election.family, VRRP_XDP_IPV4);
    EXPECT_EQ(MacAddress{std::to_array(event.source_mac)}, kHostMac);
    EXPECT_EQ(IpAddress::from_bytes(std::span(event.source).first(4)), ip("198.51.100.1"));
    EXPECT_EQ(event.length, 0U);
    EXPECT_EQ(events().front().bytes, offsetof(vrrp_xdp_event, message));
}

/// Events are put together where the last one was.
TEST_F(ArpClaim, Report_HoldsNothingOfTheAdvertisementBeforeIt) {
    receive(advertisement(Vrrp{.addresses = {kVirtualIp}}.message()));
    receive(kClaimByReply);
    ASSERT_EQ(events().size(), 1U);
    EXPECT_EQ(events().front().record.length, 0U);
    EXPECT_EQ(events().front().bytes, offsetof(vrrp_xdp_event, message));
}

TEST_F(ArpClaim, IsReportedOnceASecond_ButCountedEachTime) {
    constexpr std::uint64_t second = 1'000'000'000;
    const Outcome quiet = passed(kClaimByReply).counting(VRRP_XDP_VR_arp_claims);
    const Outcome reported = quiet.reporting_claim();
    ASSERT_EQ(receive(kClaimByReply), reported);

    for (bool again = false; !again;) {
        const std::uint64_t last = stamp().claim_ns;
        const std::uint64_t before = boot_now();
        const Outcome outcome = receive(kClaimByReply);
        const std::uint64_t after = boot_now();
        again = stamp().claim_ns != last;
        EXPECT_EQ(outcome, again ? reported : quiet);
        if (after - last < second) {
            EXPECT_FALSE(again) << "a report within the second";
        }
        if (before - last >= second) {
            EXPECT_TRUE(again) << "no report after the second";
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

TEST_F(ArpClaim, OfOneVirtualRouter_DoesNotSilenceAnother) {
    const auto other = add({.vrid = 20, .addresses = {"198.51.100.1"}});
    receive(kClaimByReply);
    const Bytes claim = kHostBroadcast.frame(kEthertypeArp, Arp{.operation = kArpReply,
                                                                .sender_mac = kHostMac,
                                                                .sender_ip = ip("198.51.100.1"),
                                                                .target_ip = kHostIp}
                                                                .bytes());
    EXPECT_EQ(receive(claim), passed(claim).counting(VRRP_XDP_VR_arp_claims, other).reporting_claim(other));
}

}  // namespace
}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// Virtual Routers without a virtual MAC: what they answer with, whose claims are nobody's surprise, and what
// is for a virtual address but comes to the interface's own MAC.
#include "data_plane.hpp"
#include "landscape6.hpp"
#include "support/network_sandbox.hpp"

namespace vrrp_xdp::test {
namespace {

/// Has two of them besides those of a default Router{} and of ipv6_router(), which have virtual MACs.
class OwnMac : public DataPlane {
  protected:
    OwnMac() {
        add(ipv6_router());
        slot_ = add({.vrid = 20, .addresses = {"192.0.2.253"}, .own_mac = kRouterMac});
        slot6_ = add({.vrid = 20,
                      .addresses = {"fe80::fd", "2001:db8::fd"},
                      .family = VRRP_XDP_IPV6,
                      .own_mac = kRouterMac});
    }

    std::uint32_t slot_;
    std::uint32_t slot6_;

  private:
    NetworkSandbox sandbox_;  ///< where nothing is forwarded
};

const IpAddress kAddress = ip("192.0.2.253");
const IpAddress kAddress6 = ip("2001:db8::fd");

Bytes packet_to(const IpAddress& address, const MacAddress& mac = kRouterMac) {
    return Ethernet{.destination = mac, .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = address}.packet(Bytes(26, 0x55)));
}

Bytes packet6_to(const IpAddress& address, const MacAddress& mac = kRouterMac) {
    return Ethernet{.destination = mac, .source = kHostMac}.frame(
        kEthertypeIpv6, Ipv6{.source = kHostIp6, .destination = address}.packet(Bytes(26, 0x55)));
}

Bytes announcement(std::uint16_t operation = kArpRequest) {
    return Ethernet{.destination = kBroadcastMac, .source = kPeerMac}.frame(
        kEthertypeArp,
        Arp{.operation = operation, .sender_mac = kPeerMac, .sender_ip = kAddress, .target_ip = kAddress}
            .bytes());
}

TEST_F(OwnMac, ArpRequest_IsAnsweredWithIt_OnlyWhileLeaseIsValid) {
    const Bytes request = arp_request(kAddress);
    EXPECT_EQ(receive(request), dropped(request).counting(VRRP_XDP_VR_arp_not_answered, slot_));
    become_active(slot_);
    const Bytes reply = Ethernet{.destination = kHostMac, .source = kRouterMac}.frame(
        kEthertypeArp, Arp{.operation = kArpReply,
                           .sender_mac = kRouterMac,
                           .sender_ip = kAddress,
                           .target_mac = kHostMac,
                           .target_ip = kHostIp}
                           .bytes());
    EXPECT_EQ(receive(request), sent_back(reply).counting(VRRP_XDP_VR_arp_answered, slot_));
}

TEST_F(OwnMac, Solicitation_IsAnsweredWithIt_OnlyWhileLeaseIsValid) {
    Solicitation solicitation;
    solicitation.target = kAddress6;
    solicitation.envelope = nd_envelope(kHostIp6, ip("ff02::1:ff00:fd"));
    EXPECT_EQ(receive(solicitation.frame()),
              dropped(solicitation.frame()).counting(VRRP_XDP_VR_nd_not_answered, slot6_));
    become_active(slot6_);
    const NeighbourAdvertisement answer{.link = {.destination = kHostMac, .source = kRouterMac},
                                        .envelope = nd_envelope(kAddress6, kHostIp6),
                                        .target = kAddress6,
                                        .flags = kRouterFlag | kSolicitedFlag | kOverrideFlag,
                                        .options = nd_option(kTargetAddressOption, kRouterMac)};
    EXPECT_EQ(receive(solicitation.frame()),
              sent_back(answer.frame()).counting(VRRP_XDP_VR_nd_answered, slot6_));
}

TEST_F(OwnMac, AnnouncementOfTheActiveRouter_IsForTheKernelOfABackup_ThatMayHaveItsOldMac) {
    for (const std::uint16_t operation : {kArpRequest, kArpReply})
        EXPECT_EQ(receive(announcement(operation)), passed(announcement(operation)));
    const NeighbourAdvertisement unsolicited{.link = {.destination = kAllNodesMac, .source = kPeerMac},
                                             .envelope = nd_envelope(kAddress6, kAllNodes),
                                             .target = kAddress6,
                                             .flags = kRouterFlag | kOverrideFlag,
                                             .options = nd_option(kTargetAddressOption, kPeerMac)};
    EXPECT_EQ(receive(unsolicited.frame()), passed(unsolicited.frame()));
}

TEST_F(OwnMac, ClaimOfAnother_IsReported_WhileActive) {
    become_active(slot_);
    EXPECT_EQ(receive(announcement(kArpReply)),
              passed(announcement(kArpReply)).counting(VRRP_XDP_VR_arp_claims, slot_).reporting_claim(slot_));
}

TEST_F(OwnMac, FrameToTheVirtualMacThatItDoesNotHave_IsUntouched) {
    become_active(slot_);
    become_active(slot6_);
    const Bytes frame = packet_to(kFarIp, ipv4_virtual_mac(20));
    EXPECT_EQ(receive(frame), passed(frame));
    const Bytes frame6 = packet6_to(kFarIp6, ipv6_virtual_mac(20));
    EXPECT_EQ(receive(frame6), passed(frame6));
}

TEST_F(OwnMac, FrameToBeForwarded_IsUntouched_WhoeverIsActive) {
    for (const bool active : {false, true}) {
        if (active) become_active(slot_);
        EXPECT_EQ(receive(packet_to(kFarIp)), passed(packet_to(kFarIp)));
        EXPECT_EQ(receive(packet6_to(kFarIp6)), passed(packet6_to(kFarIp6)));
    }
}

TEST_F(OwnMac, PacketToTheAddress_IsDropped_WithoutAcceptMode_rfc9568_6_4_3) {
    const Bytes packet = packet_to(kAddress);
    EXPECT_EQ(receive(packet), dropped(packet).counting(VRRP_XDP_VR_frames_not_active, slot_));
    become_active(slot_);
    EXPECT_EQ(receive(packet), dropped(packet).counting(VRRP_XDP_VR_frames_not_accepted, slot_));
    const Bytes packet6 = packet6_to(kAddress6);
    EXPECT_EQ(receive(packet6), dropped(packet6).counting(VRRP_XDP_VR_frames_not_active, slot6_));
    become_active(slot6_);
    EXPECT_EQ(receive(packet6), dropped(packet6).counting(VRRP_XDP_VR_frames_not_accepted, slot6_));
}

TEST_F(OwnMac, NeighbourDiscoveryToTheAddress_IsNotDropped_rfc9568_6_1) {
    const NeighbourAdvertisement answer{.link = {.destination = kRouterMac, .source = kHostMac},
                                        .envelope = nd_envelope(kHostIp6, kAddress6),
                                        .target = kHostIp6,
                                        .flags = kSolicitedFlag};
    EXPECT_EQ(receive(answer.frame()), passed(answer.frame()));
}

TEST_F(OwnMac, PacketToTheAddress_IsAcceptedWithAcceptMode_OnlyWhileLeaseIsValid_rfc9568_6_4_3) {
    const auto slot =
        add({.vrid = 30, .addresses = {"192.0.2.252"}, .flags = VRRP_XDP_ACCEPT, .own_mac = kRouterMac});
    const Bytes packet = packet_to(ip("192.0.2.252"));
    EXPECT_EQ(receive(packet), dropped(packet).counting(VRRP_XDP_VR_frames_not_active, slot));
    become_active(slot);
    EXPECT_EQ(receive(packet), passed(packet));
}

TEST_F(OwnMac, PacketToTheOwnersAddress_IsUntouched) {
    add({.vrid = 30,
         .addresses = {"192.0.2.252"},
         .flags = VRRP_XDP_ACCEPT | VRRP_XDP_OWNER,
         .own_mac = kRouterMac});
    EXPECT_EQ(receive(packet_to(ip("192.0.2.252"))), passed(packet_to(ip("192.0.2.252"))));
}

/// The address of a router with a virtual MAC may have been left there by a controller that died.
TEST_F(OwnMac, PacketToAnAddressWithAVirtualMac_IsGuardedToo) {
    EXPECT_EQ(receive(packet_to(kVirtualIp)),
              dropped(packet_to(kVirtualIp)).counting(VRRP_XDP_VR_frames_not_active));
    become_active();
    EXPECT_EQ(receive(routed_packet()), passed(routed_packet()).counting(VRRP_XDP_VR_frames_accepted));
}

TEST_F(OwnMac, WhatTheHostSendsFromTheAddress_LeavesOnlyWhileActive) {
    const Bytes packet = Ethernet{.destination = kHostMac, .source = kRouterMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kAddress, .destination = kHostIp}.packet(Bytes(26, 0x55)));
    EXPECT_EQ(egress(packet), shot(packet).counting(VRRP_XDP_VR_frames_not_sent, slot_));
    become_active(slot_);
    EXPECT_EQ(egress(packet), unspecified(packet));
}

}  // namespace
}  // namespace vrrp_xdp::test

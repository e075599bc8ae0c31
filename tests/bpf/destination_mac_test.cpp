// SPDX-License-Identifier: BSD-2-Clause
// Frames to somebody else's MAC, which a promiscuous interface shows us and a switch floods: they are not
// ours to answer, to hear or to count. Those to the interface's own MAC are, as those to the virtual MAC and
// to groups.
#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

class DestinationMac : public DualStack {
  protected:
    DestinationMac() {
        become_active();
        become_active(kSlot6);
    }
};

const MacAddress kSomebodyElse = mac("02:00:00:00:00:77");

Bytes arp_to(const MacAddress& destination, const Arp& arp) {
    return Ethernet{.destination = destination, .source = kHostMac}.frame(kEthertypeArp, arp.bytes());
}

Arp question() { return {.sender_mac = kHostMac, .sender_ip = kHostIp, .target_ip = kVirtualIp}; }

Arp claim() {
    return {.operation = kArpReply,
            .sender_mac = kPeerMac,
            .sender_ip = kVirtualIp,
            .target_mac = kHostMac,
            .target_ip = kHostIp};
}

Bytes solicitation_to(const MacAddress& destination) {
    return Solicitation{.link = {.destination = destination, .source = kHostMac}}.frame();
}

Bytes claim6_to(const MacAddress& destination) {
    return NeighbourAdvertisement{.link = {.destination = destination, .source = kPeerMac},
                                  .envelope = nd_envelope(kVirtualIp6, kHostIp6),
                                  .target = kVirtualIp6,
                                  .flags = kSolicitedFlag,
                                  .options = nd_option(kTargetAddressOption, kPeerMac)}
        .frame();
}

Bytes advertisement_to(const MacAddress& destination) {
    const Vrrp vrrp{.addresses = {kVirtualIp}};
    return Ethernet{.destination = destination, .source = kPeerMac}.frame(
        kEthertypeIpv4, advertisement_envelope().packet(vrrp.message()));
}

Bytes advertisement6_to(const MacAddress& destination) {
    const Ipv6 envelope = advertisement_envelope6();
    const Vrrp vrrp{.addresses = {kVirtualLinkLocal}};
    return Ethernet{.destination = destination, .source = kPeerMac}.frame(
        kEthertypeIpv6, envelope.packet(vrrp.message_summed_with(envelope)));
}

TEST_F(DestinationMac, OfSomebodyElse_FrameIsUntouched_rfc9568_7_1_rfc826_rfc4861_7_2) {
    for (const Bytes& frame :
         {arp_to(kSomebodyElse, question()), arp_to(kSomebodyElse, claim()), solicitation_to(kSomebodyElse),
          claim6_to(kSomebodyElse), advertisement_to(kSomebodyElse), advertisement6_to(kSomebodyElse)})
        EXPECT_EQ(receive(frame), passed(frame));
}

TEST_F(DestinationMac, OfAnotherVirtualRouter_FrameIsUntouched) {
    const Bytes request = arp_to(ipv4_virtual_mac(77), question());
    EXPECT_EQ(receive(request), passed(request));
    const Bytes frame = advertisement6_to(ipv6_virtual_mac(77));
    EXPECT_EQ(receive(frame), passed(frame));
}

TEST_F(DestinationMac, OfTheInterface_IsOurs) {
    EXPECT_EQ(receive(arp_to(kRouterMac, question())),
              sent_back(arp_reply()).counting(VRRP_XDP_VR_arp_answered));
    EXPECT_EQ(receive(solicitation_to(kRouterMac)),
              sent_back(nd_answer()).counting(VRRP_XDP_VR_nd_answered, kSlot6));
    EXPECT_EQ(receive(advertisement_to(kRouterMac)), consumed(advertisement_to(kRouterMac)));
    EXPECT_EQ(receive(advertisement6_to(kRouterMac)), consumed(advertisement6_to(kRouterMac), kSlot6));
    const Bytes conflict = arp_to(kRouterMac, claim());
    EXPECT_EQ(receive(conflict), passed(conflict).counting(VRRP_XDP_VR_arp_claims).reporting_claim());
}

TEST_F(DestinationMac, OfAGroup_IsOurs) {
    EXPECT_EQ(receive(advertisement_to(kBroadcastMac)), consumed(advertisement_to(kBroadcastMac)));
    EXPECT_EQ(receive(solicitation_to(kAllNodesMac)),
              sent_back(nd_answer()).counting(VRRP_XDP_VR_nd_answered, kSlot6));
}

}  // namespace
}  // namespace vrrp_xdp::test

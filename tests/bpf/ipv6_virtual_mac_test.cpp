// SPDX-License-Identifier: BSD-2-Clause
// Frames to the virtual MAC of an election over IPv6, which is another one than that over IPv4 of the VRID.
#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

class VirtualMac6 : public DualStack {
  protected:
    void expect_accepted(const Bytes& frame) {
        EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_VR_frames_accepted, kSlot6));
    }
    void expect_dropped(const Bytes& frame, vrrp_xdp_vr_counter counter) {
        EXPECT_EQ(receive(frame), dropped(frame).counting(counter, kSlot6));
    }
};

TEST_F(VirtualMac6, Frame_IsAccepted_OnlyWhileLeaseIsValid_rfc9568_6_4) {
    expect_dropped(routed_packet6(), VRRP_XDP_VR_frames_not_active);
    become_active(kSlot6);
    expect_accepted(routed_packet6());
    set_lease(boot_now(), kSlot6);
    expect_dropped(routed_packet6(), VRRP_XDP_VR_frames_not_active);
}

TEST_F(VirtualMac6, RolesOfTheSameVridAreApart) {
    become_active();
    expect_dropped(routed_packet6(), VRRP_XDP_VR_frames_not_active);
    EXPECT_EQ(receive(routed_packet()), passed(routed_packet()).counting(VRRP_XDP_VR_frames_accepted));
    become_backup();
    become_active(kSlot6);
    expect_accepted(routed_packet6());
    EXPECT_EQ(receive(routed_packet()), dropped(routed_packet()).counting(VRRP_XDP_VR_frames_not_active));
}

TEST_F(VirtualMac6, OfAVridThatIsOursOverIpv4Alone_IsUntouched) {
    become_active(add({.vrid = 20, .addresses = {"198.51.100.1"}}));
    const Bytes frame = Ethernet{.destination = ipv6_virtual_mac(20), .source = kHostMac}.frame(
        kEthertypeIpv6, Ipv6{.source = kHostIp6, .destination = kFarIp6}.packet({}));
    EXPECT_EQ(receive(frame), passed(frame));
}

TEST_F(VirtualMac6, PacketToTheVirtualAddress_IsDropped_WithoutAcceptMode_rfc9568_6_4_3) {
    become_active(kSlot6);
    expect_dropped(routed_packet6(kVirtualIp6), VRRP_XDP_VR_frames_not_accepted);
    expect_dropped(routed_packet6(kVirtualLinkLocal), VRRP_XDP_VR_frames_not_accepted);
}

TEST_F(VirtualMac6, PacketToTheVirtualAddress_IsAccepted_WithAcceptMode_rfc9568_6_4_3) {
    const auto slot =
        add({.vrid = 20, .addresses = {"2001:db8:1::1"}, .flags = VRRP_XDP_ACCEPT, .family = VRRP_XDP_IPV6});
    become_active(slot);
    const Bytes packet = Ethernet{.destination = ipv6_virtual_mac(20), .source = kHostMac}.frame(
        kEthertypeIpv6, Ipv6{.source = kHostIp6, .destination = ip("2001:db8:1::1")}.packet({}));
    EXPECT_EQ(receive(packet), passed(packet).counting(VRRP_XDP_VR_frames_accepted, slot));
}

Bytes icmpv6_to_the_virtual_address(std::uint8_t type, const std::vector<Extension>& extensions = {}) {
    Ipv6 envelope = nd_envelope(kHostIp6, kVirtualIp6);
    envelope.extensions = extensions;
    const Icmpv6 icmp{.type = type, .body = neighbour_body(kHostIp6)};
    return Ethernet{.destination = kVirtualMac6, .source = kHostMac}.frame(
        kEthertypeIpv6, envelope.packet(icmp.message(envelope)));
}

TEST_F(VirtualMac6, NeighbourDiscoveryWithTheVirtualAddress_IsNeverDroppedForWantOfAcceptMode_rfc9568_6_1) {
    become_active(kSlot6);
    for (const std::uint8_t type : {kNeighbourSolicitation, kNeighbourAdvertisement}) {
        expect_accepted(icmpv6_to_the_virtual_address(type));
        expect_accepted(icmpv6_to_the_virtual_address(type, {{kHopByHopOptions}, {kDestinationOptions}}));
    }
}

TEST_F(VirtualMac6, NeighbourDiscoveryWithTheVirtualAddress_IsDropped_ByABackup_rfc9568_6_4_2) {
    for (const std::uint8_t type : {kNeighbourSolicitation, kNeighbourAdvertisement})
        expect_dropped(icmpv6_to_the_virtual_address(type), VRRP_XDP_VR_frames_not_active);
}

TEST_F(VirtualMac6, OtherIcmpv6ToTheVirtualAddress_IsDropped_WithoutAcceptMode_rfc9568_6_4_3) {
    become_active(kSlot6);
    for (const std::uint8_t type : {kEchoRequest, kRouterSolicitation, kRouterAdvertisement, kRedirect})
        expect_dropped(icmpv6_to_the_virtual_address(type), VRRP_XDP_VR_frames_not_accepted);
    const Bytes fragment = icmpv6_to_the_virtual_address(kNeighbourAdvertisement,
                                                         {{.protocol = kFragmentHeader, .body = Bytes(6)}});
    expect_dropped(fragment, VRRP_XDP_VR_frames_not_accepted);
}

/// There is not a type to tell Neighbour Discovery by.
TEST_F(VirtualMac6, EmptyIcmpv6ToTheVirtualAddress_IsDropped_WithoutAcceptMode) {
    become_active(kSlot6);
    Ipv6 envelope = nd_envelope(kHostIp6, kVirtualIp6);
    envelope.payload_length = std::uint16_t{0};
    expect_dropped(Ethernet{.destination = kVirtualMac6, .source = kHostMac}.frame(
                       kEthertypeIpv6, envelope.packet(Bytes(8, kNeighbourAdvertisement))),
                   VRRP_XDP_VR_frames_not_accepted);
}

TEST_F(VirtualMac6, TruncatedIpv6_IsLeftToTheKernelOfTheActive) {
    const Bytes whole = Ethernet{.destination = kVirtualMac6, .source = kHostMac}.frame(
        kEthertypeIpv6, Ipv6{.source = kHostIp6, .destination = kVirtualIp6}.packet({}));
    for (std::size_t bytes = kEthernetBytes; bytes < whole.size(); ++bytes) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        become_active(kSlot6);
        expect_accepted(cut);
        become_backup(kSlot6);
        expect_dropped(cut, VRRP_XDP_VR_frames_not_active);
    }
}

TEST_F(VirtualMac6, JumboFrame_IsAcceptedWhole) {
    become_active(kSlot6);
    expect_accepted(Ethernet{.destination = kVirtualMac6, .source = kHostMac}.frame(
        kEthertypeIpv6, Ipv6{.source = kHostIp6, .destination = kFarIp6}.packet(Bytes(8960, 0x55))));
}

TEST_F(VirtualMac6, IsOfTheVlanInTheFrame) {
    Router router = ipv6_router();
    router.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20};
    const auto stacked = add(router);
    become_active(stacked);
    const std::vector<Tag> tags{{.id = 100, .ethertype = kEthertype8021AD}, {.id = 20}};
    const Bytes far = routed_packet6(kFarIp6, tags);
    EXPECT_EQ(receive(far), passed(far).counting(VRRP_XDP_VR_frames_accepted, stacked));
    const Bytes local = routed_packet6(kVirtualIp6, tags);
    EXPECT_EQ(receive(local), dropped(local).counting(VRRP_XDP_VR_frames_not_accepted, stacked));
    const Bytes elsewhere = routed_packet6(kFarIp6, {{.id = 20}});
    EXPECT_EQ(receive(elsewhere), passed(elsewhere));
}

}  // namespace
}  // namespace vrrp_xdp::test

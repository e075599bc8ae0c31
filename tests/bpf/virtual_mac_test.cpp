// SPDX-License-Identifier: BSD-2-Clause
// Frames to a virtual MAC: the Active Router's kernel gets them, a Backup Router drops them.
#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

using VirtualMac = DataPlane;

TEST_F(VirtualMac, Frame_IsAccepted_WhileLeaseIsValid_rfc9568_6_4_3) {
    become_active();
    EXPECT_EQ(receive(routed_packet()), passed(routed_packet()).counting(VRRP_XDP_VR_frames_accepted));
}

TEST_F(VirtualMac, Frame_IsDropped_ByABackup_rfc9568_6_4_2) {
    EXPECT_EQ(receive(routed_packet()), dropped(routed_packet()).counting(VRRP_XDP_VR_frames_not_active));
}

TEST_F(VirtualMac, Frame_IsDropped_OnceTheLeaseIsPast) {
    set_lease(boot_now());
    EXPECT_EQ(receive(routed_packet()), dropped(routed_packet()).counting(VRRP_XDP_VR_frames_not_active));
}

TEST_F(VirtualMac, RolesAreThoseOfTheVridInIt) {
    const auto backup = add({.vrid = 20, .addresses = {"198.51.100.1"}});
    become_active();
    const Bytes to_backup = Ethernet{.destination = ipv4_virtual_mac(20), .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kFarIp}.packet({}));
    EXPECT_EQ(receive(to_backup), dropped(to_backup).counting(VRRP_XDP_VR_frames_not_active, backup));
    EXPECT_EQ(receive(routed_packet()), passed(routed_packet()).counting(VRRP_XDP_VR_frames_accepted));
}

TEST_F(VirtualMac, OfAnUnknownVrid_IsUntouched) {
    const Bytes frame = Ethernet{.destination = ipv4_virtual_mac(11), .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kVirtualIp}.packet({}));
    become_active();
    EXPECT_EQ(receive(frame), passed(frame));
}

TEST_F(VirtualMac, ThatOnlyLooksLikeOne_IsUntouched_rfc9568_7_3) {
    for (const char* destination : {"00:00:5e:00:02:0a", "00:00:5e:00:00:0a", "02:00:5e:00:01:0a",
                                    "00:00:5f:00:01:0a", "00:01:5e:00:01:0a", "00:00:5e:01:01:0a"}) {
        const Bytes frame = Ethernet{.destination = mac(destination), .source = kHostMac}.frame(
            kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kVirtualIp}.packet({}));
        EXPECT_EQ(receive(frame), passed(frame)) << destination;
    }
}

TEST_F(VirtualMac, PacketToTheVirtualAddress_IsDropped_WithoutAcceptMode_rfc9568_6_4_3) {
    become_active();
    const Bytes packet = routed_packet(kVirtualIp);
    EXPECT_EQ(receive(packet), dropped(packet).counting(VRRP_XDP_VR_frames_not_accepted));
}

/// One whose bit in address_filter is that of the virtual address.
IpAddress like_the_virtual_address() {
    const auto bit = [](const IpAddress& address) {
        return vrrp_xdp_filter_bit(address.bytes().data(),
                                   static_cast<std::uint32_t>(address.bytes().size()));
    };
    for (int high = 0; high < 256; ++high)
        for (int low = 0; low < 256; ++low) {
            const IpAddress other = ip("203." + std::to_string(high) + "." + std::to_string(low) + ".7");
            if (bit(other) == bit(kVirtualIp)) return other;
        }
    throw std::logic_error("no such address");
}

TEST_F(VirtualMac, PacketToAnAddressThatTheFilterTakesForAVirtualOne_IsAccepted) {
    become_active();
    const Bytes packet = routed_packet(like_the_virtual_address());
    EXPECT_EQ(receive(packet), passed(packet).counting(VRRP_XDP_VR_frames_accepted));
}

TEST_F(VirtualMac, PacketToTheVirtualAddress_IsDropped_ByABackup_rfc9568_6_4_2) {
    const Bytes packet = routed_packet(kVirtualIp);
    EXPECT_EQ(receive(packet), dropped(packet).counting(VRRP_XDP_VR_frames_not_active));
}

TEST_F(VirtualMac, PacketToTheVirtualAddress_IsAccepted_WithAcceptMode_rfc9568_6_4_3) {
    const auto slot = add({.vrid = 20, .addresses = {"198.51.100.1"}, .flags = VRRP_XDP_ACCEPT});
    become_active(slot);
    const Bytes packet = Ethernet{.destination = ipv4_virtual_mac(20), .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = ip("198.51.100.1")}.packet({}));
    EXPECT_EQ(receive(packet), passed(packet).counting(VRRP_XDP_VR_frames_accepted, slot));
}

/// The other Virtual Router's Active may be another router, which this one then routes to.
TEST_F(VirtualMac, PacketToTheAddressOfAnotherVirtualRouter_IsItsActivesBusiness) {
    const auto other = add({.vrid = 20, .addresses = {"198.51.100.1"}});
    become_active();
    const Bytes packet = routed_packet(ip("198.51.100.1"));
    EXPECT_EQ(receive(packet), passed(packet).counting(VRRP_XDP_VR_frames_accepted));
    become_active(other);
    EXPECT_EQ(receive(packet), dropped(packet).counting(VRRP_XDP_VR_frames_not_accepted));
}

TEST_F(VirtualMac, FrameThatIsNoIp_IsTreatedLikeAnyOther) {
    for (const std::uint16_t ethertype : {kEthertypeIpv6, std::uint16_t{0x8847}, std::uint16_t{46}}) {
        const Bytes frame = kHostToVirtualMac.frame(ethertype, Bytes(46, 0x60));
        become_backup();
        EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_frames_not_active));
        become_active();
        EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_VR_frames_accepted));
    }
}

TEST_F(VirtualMac, ArpAboutAnotherAddress_IsTreatedLikeAnyOther) {
    const Bytes request = kHostToVirtualMac.frame(
        kEthertypeArp, Arp{.sender_mac = kHostMac, .sender_ip = kHostIp, .target_ip = kPeerIp}.bytes());
    EXPECT_EQ(receive(request), dropped(request).counting(VRRP_XDP_VR_frames_not_active));
    become_active();
    EXPECT_EQ(receive(request), passed(request).counting(VRRP_XDP_VR_frames_accepted));
}

/// What is not all there has no destination address to judge by; the kernel throws it away.
TEST_F(VirtualMac, TruncatedIp_IsLeftToTheKernelOfTheActive) {
    const Bytes whole = kHostToVirtualMac.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kVirtualIp}.packet({}));
    for (std::size_t bytes = kEthernetBytes; bytes < whole.size(); ++bytes) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
        become_active();
        EXPECT_EQ(receive(cut), passed(cut).counting(VRRP_XDP_VR_frames_accepted));
        become_backup();
        EXPECT_EQ(receive(cut), dropped(cut).counting(VRRP_XDP_VR_frames_not_active));
    }
}

/// Several buffers hold it: only the first is looked at.
TEST_F(VirtualMac, JumboFrame_IsAcceptedWhole) {
    become_active();
    const Bytes jumbo = kHostToVirtualMac.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = kFarIp}.packet(Bytes(8980, 0x55)));
    EXPECT_EQ(receive(jumbo), passed(jumbo).counting(VRRP_XDP_VR_frames_accepted));
}

}  // namespace
}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// The clsact programs on frames alone: what they say, and what they rewrite. On the way in they rewrite
// nothing; what they do to the packet beside its bytes is seen on an interface, in clsact_hook_test.cpp.
#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr Tag kVlan20{.id = 20};
constexpr std::size_t kSourceMacAt = 6;

Bytes from_source_mac(Bytes frame, const MacAddress& source) {
    std::ranges::copy(source.bytes, frame.begin() + kSourceMacAt);
    return frame;
}

/// The router's own packet, as its IP stack makes it: from the physical MAC.
Bytes own_packet(const IpAddress& source, const std::vector<Tag>& tags = {}) {
    return Ethernet{.destination = kHostMac, .source = kRouterMac, .tags = tags}.frame(
        kEthertypeIpv4, Ipv4{.source = source, .destination = kHostIp}.packet(Bytes(26, 0x55)));
}

Bytes own_arp(const Arp& arp) {
    return Ethernet{.destination = kHostMac, .source = kRouterMac}.frame(kEthertypeArp, arp.bytes());
}

Arp own_reply(const MacAddress& sender, const IpAddress& address) {
    return {.operation = kArpReply,
            .sender_mac = sender,
            .sender_ip = address,
            .target_mac = kHostMac,
            .target_ip = kHostIp};
}

class Egress : public DataPlane {
  protected:
    void expect_untouched(const Bytes& frame) { EXPECT_EQ(egress(frame), unspecified(frame)); }
};

TEST_F(Egress, PacketFromAVirtualAddress_HasTheVirtualMac_WhileActive_rfc9568_8_1_2) {
    become_active();
    const Bytes frame = own_packet(kVirtualIp);
    EXPECT_EQ(egress(frame), unspecified(from_source_mac(frame, kVirtualMac)));
}

TEST_F(Egress, ArpFromAVirtualAddress_HasTheVirtualMacTwice_WhileActive_rfc9568_8_1_2) {
    become_active();
    const Bytes expected = Ethernet{.destination = kHostMac, .source = kVirtualMac}.frame(
        kEthertypeArp, own_reply(kVirtualMac, kVirtualIp).bytes());
    EXPECT_EQ(egress(own_arp(own_reply(kRouterMac, kVirtualIp))), unspecified(expected));
}

TEST_F(Egress, RequestFromAVirtualAddress_HasTheVirtualMacTwice_WhileActive_rfc9568_8_1_2) {
    become_active();
    Arp request{.sender_mac = kRouterMac, .sender_ip = kVirtualIp, .target_ip = kHostIp};
    const Bytes frame = own_arp(request);
    request.sender_mac = kVirtualMac;
    EXPECT_EQ(egress(frame), unspecified(from_source_mac(own_arp(request), kVirtualMac)));
}

/// The address that a host merely holds is the Active Router's to speak from.
TEST_F(Egress, IsDropped_WhileNotActive) {
    for (const bool was_active : {false, true}) {
        if (was_active) set_lease(boot_now());
        for (const Bytes& frame : {own_packet(kVirtualIp), own_arp(own_reply(kRouterMac, kVirtualIp))})
            EXPECT_EQ(egress(frame), shot(frame).counting(VRRP_XDP_VR_frames_not_sent));
    }
}

TEST_F(Egress, OfTheOwner_IsUntouched_WhileNotActive) {
    add({.vrid = 20, .addresses = {"198.51.100.1"}, .flags = VRRP_XDP_ACCEPT | VRRP_XDP_OWNER});
    expect_untouched(own_packet(ip("198.51.100.1")));
    expect_untouched(own_arp(own_reply(kRouterMac, ip("198.51.100.1"))));
}

/// The address of a router that was Active may still be there: its controller died.
TEST_F(Egress, WithAcceptMode_IsDropped_WhileNotActive) {
    const auto slot = add({.vrid = 20, .addresses = {"198.51.100.1"}, .flags = VRRP_XDP_ACCEPT});
    const Bytes packet = own_packet(ip("198.51.100.1"));
    EXPECT_EQ(egress(packet), shot(packet).counting(VRRP_XDP_VR_frames_not_sent, slot));
    become_active(slot);
    EXPECT_EQ(egress(packet), unspecified(from_source_mac(packet, ipv4_virtual_mac(20))));
}

TEST_F(Egress, FromAnotherAddress_IsUntouched) {
    become_active();
    expect_untouched(own_packet(ip("192.0.2.1")));
    expect_untouched(own_arp(own_reply(kRouterMac, ip("192.0.2.1"))));
    expect_untouched(own_arp({.sender_mac = kRouterMac, .sender_ip = kHostIp, .target_ip = kVirtualIp}));
}

TEST_F(Egress, WhatIsNeitherIpNorArp_IsUntouched) {
    become_active();
    for (const std::uint16_t ethertype : {kEthertypeIpv6, std::uint16_t{0x88cc}})
        expect_untouched(
            Ethernet{.destination = kHostMac, .source = kRouterMac}.frame(ethertype, Bytes(46, 1)));
}

TEST_F(Egress, StrangeArp_IsUntouched) {
    become_active();
    Arp arp = own_reply(kRouterMac, kVirtualIp);
    arp.mac_bytes = 8;
    expect_untouched(own_arp(arp));
    const Bytes whole = own_arp(own_reply(kRouterMac, kVirtualIp));
    expect_untouched(Bytes(whole.begin(), whole.end() - 1));
}

TEST_F(Egress, TaggedFrame_IsOfItsVlan) {
    become_active(add({.tags = {VRRP_XDP_TAG_8021Q | 20}}));
    const Bytes tagged = own_packet(kVirtualIp, {kVlan20});
    EXPECT_EQ(egress(tagged), unspecified(from_source_mac(tagged, kVirtualMac)));
    // Without a tag it is of a Virtual Router that is not Active.
    const Bytes untagged = own_packet(kVirtualIp);
    EXPECT_EQ(egress(untagged), shot(untagged).counting(VRRP_XDP_VR_frames_not_sent));
    expect_untouched(own_packet(kVirtualIp, {{.id = 21}}));
}

TEST_F(DataPlane, Ingress_NeverTouchesABytes) {
    for (const bool active : {false, true}) {
        if (active) become_active();
        for (const Bytes& frame : {routed_packet(), routed_packet(kVirtualIp), arp_request(),
                                   own_packet(kHostIp), routed_packet(kFarIp, {kVlan20})})
            EXPECT_EQ(ingress(frame), unspecified(frame));
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// Packets to a virtual address that come to the interface's own MAC, on a host that forwards: where the host
// has the address itself, on whatever interface, they would reach its sockets (RFC 9568 sections 6.4.2 and
// 6.4.3); where it has not, they are on their way through.
#include <cstdlib>
#include <fstream>

#include "data_plane.hpp"
#include "landscape6.hpp"
#include "support/network_sandbox.hpp"

namespace vrrp_xdp::test {
namespace {

/// Where packets are forwarded, and the LAN is at hand.
struct ForwardingHost {
    ForwardingHost() {
        EXPECT_EQ(std::system("ip link set lo up && ip address add 192.0.2.1/24 dev lan0 &&"
                              " ip address add 2001:db8::1/64 dev lan0 nodad"),
                  0);
        std::ofstream("/proc/sys/net/ipv4/ip_forward") << 1;
        std::ofstream("/proc/sys/net/ipv6/conf/all/forwarding") << 1;
    }
    NetworkSandbox sandbox;
    Tap lan{"lan0"};
};

class HeldAddress : public DataPlane {
  protected:
    HeldAddress() {
        slot_ = add({.vrid = 20, .addresses = {"192.0.2.253"}, .ifindex = host_.lan.index()});
        slot6_ = add({.vrid = 20,
                      .addresses = {"fe80::fd", "2001:db8::fd"},
                      .family = VRRP_XDP_IPV6,
                      .ifindex = host_.lan.index()});
    }
    Outcome arrive(const Bytes& frame) { return receive(frame, host_.lan.index()); }

    /// Drops both families' packet, for this reason.
    void expect_dropped(vrrp_xdp_vr_counter reason) {
        EXPECT_EQ(arrive(packet()), dropped(packet()).counting(reason, slot_));
        EXPECT_EQ(arrive(packet6()), dropped(packet6()).counting(reason, slot6_));
    }

    static Bytes packet() {
        return Ethernet{.destination = kRouterMac, .source = kHostMac}.frame(
            kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = ip("192.0.2.253")}.packet(Bytes(26, 1)));
    }
    static Bytes packet6() {
        return Ethernet{.destination = kRouterMac, .source = kHostMac}.frame(
            kEthertypeIpv6, Ipv6{.source = kHostIp6, .destination = ip("2001:db8::fd")}.packet(Bytes(26, 1)));
    }

    ForwardingHost host_;
    std::uint32_t slot_;
    std::uint32_t slot6_;
};

TEST_F(HeldAddress, OnTheLoopbackInterface_IsNotReachedAtTheInterfacesMac_rfc9568_6_4_2_and_6_4_3) {
    ASSERT_EQ(std::system("ip address add 192.0.2.253/32 dev lo && ip address add 2001:db8::fd/128 dev lo"),
              0);
    expect_dropped(VRRP_XDP_VR_frames_not_active);
    become_active(slot_);
    become_active(slot6_);
    expect_dropped(VRRP_XDP_VR_frames_not_accepted);
}

TEST_F(HeldAddress, AddedWhileAttached_IsNotReachedAtTheInterfacesMac_rfc9568_6_4_2) {
    EXPECT_EQ(arrive(packet()), passed(packet()));
    ASSERT_EQ(std::system("ip address add 192.0.2.253/24 dev lan0 &&"
                          " ip address add 2001:db8::fd/64 dev lan0 nodad"),
              0);
    expect_dropped(VRRP_XDP_VR_frames_not_active);
}

TEST_F(HeldAddress, OfTheOwner_IsItsOwn_rfc9568_6_4_3) {
    add({.vrid = 30,
         .addresses = {"192.0.2.252"},
         .flags = VRRP_XDP_ACCEPT | VRRP_XDP_OWNER,
         .ifindex = host_.lan.index()});
    ASSERT_EQ(std::system("ip address add 192.0.2.252/24 dev lan0"), 0);
    const Bytes frame = Ethernet{.destination = kRouterMac, .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = ip("192.0.2.252")}.packet(Bytes(26, 1)));
    EXPECT_EQ(arrive(frame), passed(frame));
}

TEST_F(HeldAddress, IsNotReachedByWayOfAGroup_rfc9568_6_4_2) {
    ASSERT_EQ(std::system("ip address add 192.0.2.253/32 dev lo"), 0);
    const Bytes frame = Ethernet{.destination = kBroadcastMac, .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = ip("192.0.2.253")}.packet(Bytes(26, 1)));
    EXPECT_EQ(arrive(frame), dropped(frame).counting(VRRP_XDP_VR_frames_not_active, slot_));
}

TEST_F(HeldAddress, InAFrameToSomebodyElse_IsNotOurs) {
    ASSERT_EQ(std::system("ip address add 192.0.2.253/32 dev lo"), 0);
    const Bytes frame = Ethernet{.destination = kPeerMac, .source = kHostMac}.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = ip("192.0.2.253")}.packet(Bytes(26, 1)));
    EXPECT_EQ(arrive(frame), passed(frame));
}

/// A host of another subnet of the LAN, whose gateway is this router and not the virtual one.
TEST_F(HeldAddress, HeldByNobodyHere_IsForwardedToTheActiveRouter) {
    EXPECT_EQ(arrive(packet()), passed(packet()));
    EXPECT_EQ(arrive(packet6()), passed(packet6()));
}

}  // namespace
}  // namespace vrrp_xdp::test

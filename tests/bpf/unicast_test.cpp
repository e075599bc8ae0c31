// SPDX-License-Identifier: BSD-2-Clause
// Advertisements by unicast: those of peers are heard, whatever else is for this host is counted, and what is
// on its way to somebody else passes.
#include <cstdlib>
#include <fstream>

#include "data_plane.hpp"
#include "landscape6.hpp"
#include "support/network_sandbox.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr std::uint8_t kVrid = 20;
const IpAddress kRouterIp = ip("192.0.2.1");
const IpAddress kRouterLinkLocal = ip("fe80::1");
const IpAddress kRouterIp6 = ip("2001:db8::1");
const IpAddress kPeerIp6 = ip("2001:db8::2");

/// Has two Virtual Routers of VRID 20 with one peer each, beside that of a default Router{} without any.
class Unicast : public DataPlane {
  protected:
    Unicast() {
        slot_ = add({.vrid = kVrid, .addresses = {"192.0.2.253"}, .peers = {"192.0.2.2"}});
        slot6_ = add({.vrid = kVrid,
                      .addresses = {"fe80::fd"},
                      .family = VRRP_XDP_IPV6,
                      .peers = {"fe80::2", "2001:db8::2"}});
    }

    std::uint32_t slot_;
    std::uint32_t slot6_;

  private:
    NetworkSandbox sandbox_;  ///< where nothing is forwarded, and no address is anybody's
};

Bytes advertisement_to(const IpAddress& destination, const IpAddress& source = kPeerIp,
                       std::uint8_t ttl = 255, std::uint8_t vrid = kVrid) {
    const Ipv4 envelope{
        .source = source, .destination = destination, .protocol = kProtocolVrrp, .ttl = ttl, .tos = 0xc0};
    const Vrrp vrrp{.vrid = vrid, .addresses = {kVirtualIp}};
    return Ethernet{.destination = kRouterMac, .source = kPeerMac}.frame(
        kEthertypeIpv4, envelope.packet(vrrp.message_summed_with(envelope)));
}

Bytes advertisement6_to(const IpAddress& destination, const IpAddress& source, std::uint8_t hop_limit = 255,
                        std::uint8_t vrid = kVrid) {
    const Ipv6 envelope{
        .source = source, .destination = destination, .protocol = kProtocolVrrp, .hop_limit = hop_limit};
    const Vrrp vrrp{.vrid = vrid, .addresses = {ip("fe80::fd")}};
    return Ethernet{.destination = kRouterMac, .source = kPeerMac}.frame(
        kEthertypeIpv6, envelope.packet(vrrp.message_summed_with(envelope)));
}

TEST_F(Unicast, AdvertisementOfAPeer_IsConsumed_AndTheControllerIsToldWhereItWasSent) {
    const Bytes frame = advertisement_to(kRouterIp);
    EXPECT_EQ(receive(frame), consumed(frame, slot_));
    ASSERT_EQ(events().size(), 1U);
    EXPECT_TRUE(std::ranges::equal(std::span(events()[0].record.destination).first(4), kRouterIp.bytes()));
}

TEST_F(Unicast, AdvertisementOfAPeer_IsConsumed_OverIpv6) {
    for (const auto& [destination, source] :
         {std::pair(kRouterLinkLocal, kPeerLinkLocal), std::pair(kRouterIp6, kPeerIp6)}) {
        const Bytes frame = advertisement6_to(destination, source);
        EXPECT_EQ(receive(frame), consumed(frame, slot6_));
        ASSERT_EQ(events().size(), 1U);
        EXPECT_TRUE(std::ranges::equal(events()[0].record.destination, destination.bytes()));
    }
}

TEST_F(Unicast, AdvertisementOfAnybodyElse_IsCountedAndDropped) {
    const Bytes frame = advertisement_to(kRouterIp, kHostIp);
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_unicast_peer_errors, slot_));
    const Bytes frame6 = advertisement6_to(kRouterLinkLocal, kHostLinkLocal);
    EXPECT_EQ(receive(frame6), dropped(frame6).counting(VRRP_XDP_VR_unicast_peer_errors, slot6_));
}

TEST_F(Unicast, AdvertisementToTheGroup_IsHeardOfPeersAlone) {
    const auto to_group = [](const IpAddress& source) {
        Ipv4 envelope = advertisement_envelope();
        envelope.source = source;
        return advertisement(Vrrp{.vrid = kVrid, .addresses = {kVirtualIp}}.message(), envelope);
    };
    EXPECT_EQ(receive(to_group(kPeerIp)), consumed(to_group(kPeerIp), slot_));
    EXPECT_EQ(receive(to_group(kHostIp)),
              dropped(to_group(kHostIp)).counting(VRRP_XDP_VR_unicast_peer_errors, slot_));
}

TEST_F(Unicast, AdvertisementForAVirtualRouterWithoutPeers_IsUntouched) {
    for (const std::uint8_t vrid : {std::uint8_t{10}, std::uint8_t{30}}) {
        const Bytes frame = advertisement_to(kRouterIp, kPeerIp, 255, vrid);
        EXPECT_EQ(receive(frame), passed(frame));
    }
}

TEST_F(Unicast, Ttl_IsThatOfTheLink_UnlessLessIsAllowed_rfc9568_5_1_1_3) {
    const Bytes routed = advertisement_to(kRouterIp, kPeerIp, 254);
    EXPECT_EQ(receive(routed), dropped(routed).counting(VRRP_XDP_VR_ip_ttl_errors, slot_));
    const Bytes routed6 = advertisement6_to(kRouterIp6, kPeerIp6, 254);
    EXPECT_EQ(receive(routed6), dropped(routed6).counting(VRRP_XDP_VR_ip_ttl_errors, slot6_));

    const auto slot =
        add({.vrid = 40, .addresses = {"192.0.2.252"}, .peers = {"192.0.2.2"}, .minimum_ttl = 64});
    const Bytes far = advertisement_to(kRouterIp, kPeerIp, 64, 40);
    EXPECT_EQ(receive(far), consumed(far, slot));
    const Bytes too_far = advertisement_to(kRouterIp, kPeerIp, 63, 40);
    EXPECT_EQ(receive(too_far), dropped(too_far).counting(VRRP_XDP_VR_ip_ttl_errors, slot));
}

TEST_F(Unicast, FollowedAdvertisement_IsSteadyState) {
    const Bytes frame = advertisement_to(kRouterIp);
    receive(frame);
    ASSERT_EQ(events().size(), 1U);
    expect_advertisement(kPeerIp, events()[0].message(), 0, slot_);
    EXPECT_EQ(receive(frame), steady(frame, slot_));
    const Bytes stray = advertisement_to(kRouterIp, kPeerIp, 254);
    EXPECT_EQ(receive(stray), dropped(stray).counting(VRRP_XDP_VR_ip_ttl_errors, slot_));
}

TEST_F(Unicast, AdvertisementOnItsWayThroughThisHost_IsUntouched) {
    const Tap lan("lan0");
    ASSERT_EQ(std::system("ip address add 192.0.2.1/24 dev lan0 &&"
                          " ip address add 2001:db8::1/64 dev lan0 nodad"),
              0);
    std::ofstream("/proc/sys/net/ipv4/ip_forward") << 1;
    std::ofstream("/proc/sys/net/ipv6/conf/all/forwarding") << 1;
    const auto slot =
        add({.vrid = 40, .addresses = {"192.0.2.252"}, .peers = {"192.0.2.2"}, .ifindex = lan.index()});
    const auto slot6 = add({.vrid = 40,
                            .addresses = {"fe80::fc"},
                            .family = VRRP_XDP_IPV6,
                            .peers = {"2001:db8::2"},
                            .ifindex = lan.index()});
    const Bytes through = advertisement_to(ip("192.0.2.3"), kPeerIp, 255, 40);
    EXPECT_EQ(receive(through, lan.index()), passed(through));
    const Bytes through6 = advertisement6_to(ip("2001:db8::3"), kPeerIp6, 255, 40);
    EXPECT_EQ(receive(through6, lan.index()), passed(through6));
    const Bytes ours = advertisement_to(kRouterIp, kPeerIp, 255, 40);
    EXPECT_EQ(receive(ours, lan.index()), consumed(ours, slot));
    const Bytes ours6 = advertisement6_to(kRouterIp6, kPeerIp6, 255, 40);
    EXPECT_EQ(receive(ours6, lan.index()), consumed(ours6, slot6));
}

/// As in a VLAN that is in a VRF: frames come in at the port, routes are those of the VLAN's interface.
TEST_F(Unicast, WhetherAnAdvertisementIsForThisHost_IsAskedOfTheInterface_NotOfThePort) {
    const Tap lan("lan0");
    ASSERT_EQ(std::system("ip address add 192.0.2.1/24 dev lan0 && ip rule add iif lan0 lookup 100 &&"
                          " ip route add local 192.0.2.77 dev lan0 table 100"),
              0);
    std::ofstream("/proc/sys/net/ipv4/ip_forward") << 1;
    const auto slot =
        add({.vrid = 40, .addresses = {"192.0.2.252"}, .peers = {"192.0.2.2"}, .ifindex = lan.index()});
    const Bytes ours = advertisement_to(ip("192.0.2.77"), kPeerIp, 255, 40);
    EXPECT_EQ(receive(ours), consumed(ours, slot));
}

}  // namespace
}  // namespace vrrp_xdp::test

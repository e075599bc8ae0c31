// SPDX-License-Identifier: BSD-2-Clause
// What concerns no Virtual Router leaves as it came, and nothing is counted.
#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint8_t kProtocolIgmp = 2;
constexpr std::uint16_t kEthertypeLldp = 0x88cc;
constexpr std::uint16_t kEthertypeEapol = 0x888e;
const MacAddress kLldpMac = mac("01:80:c2:00:00:0e");
const Ethernet kHostToRouter{.destination = kRouterMac, .source = kHostMac};

Bytes to_router(std::uint8_t protocol, const IpAddress& destination, std::size_t payload) {
    return kHostToRouter.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = destination, .protocol = protocol}.packet(
                            Bytes(payload, 0x55)));
}

Bytes to_router6(std::uint8_t protocol, const IpAddress& destination,
                 const std::vector<Extension>& extensions = {}) {
    const Ipv6 envelope{.source = kHostIp6,
                        .destination = destination,
                        .protocol = protocol,
                        .hop_limit = 255,
                        .extensions = extensions};
    return kHostToRouter.frame(kEthertypeIpv6, envelope.packet(Bytes(32, 0x55)));
}

Bytes icmpv6(std::uint8_t type, const IpAddress& destination) {
    const Ipv6 envelope = nd_envelope(kHostIp6, destination);
    return kHostToRouter.frame(kEthertypeIpv6,
                               envelope.packet(Icmpv6{.type = type, .body = Bytes(4)}.message(envelope)));
}

struct Ordinary {
    const char* name;
    Bytes frame;
};

class OrdinaryFrame : public DualStack, public ::testing::WithParamInterface<Ordinary> {};

TEST_P(OrdinaryFrame, IsUntouched) {
    EXPECT_EQ(receive(GetParam().frame), passed(GetParam().frame));
    become_active();
    become_active(kSlot6);
    EXPECT_EQ(receive(GetParam().frame), passed(GetParam().frame));
}

INSTANTIATE_TEST_SUITE_P(
    , OrdinaryFrame,
    ::testing::Values(
        Ordinary{"Tcp", to_router(kProtocolTcp, kFarIp, 1460)},
        Ordinary{"Udp", to_router(kProtocolUdp, kFarIp, 26)},
        Ordinary{"UdpJumbo", to_router(kProtocolUdp, kFarIp, 8972)},
        Ordinary{"Igmp", to_router(kProtocolIgmp, ip("224.0.0.22"), 8)},
        Ordinary{"Ipv6Tcp", to_router6(kProtocolTcp, kFarIp6)},
        Ordinary{"Ipv6Vrrp", to_router6(kProtocolVrrp, kFarIp6)},
        Ordinary{"Ipv6BehindExtensionHeaders",
                 to_router6(kProtocolTcp, kFarIp6, {{kHopByHopOptions}, {kDestinationOptions}})},
        Ordinary{"Ipv6Fragment", to_router6(kProtocolTcp, kFarIp6, {{kFragmentHeader}})},
        Ordinary{"Ipv6WithoutNextHeader", to_router6(59, kAllNodes)},
        Ordinary{"Icmpv6Echo", icmpv6(kEchoRequest, kFarIp6)},
        Ordinary{"RouterSolicitation", icmpv6(kRouterSolicitation, ip("ff02::2"))},
        Ordinary{"RouterAdvertisement", icmpv6(kRouterAdvertisement, kAllNodes)},
        Ordinary{"MulticastListenerReport", icmpv6(143, ip("ff02::16"))},
        Ordinary{"SolicitationBetweenHosts", Solicitation{.target = ip("2001:db8::77")}.frame()},
        Ordinary{"Lldp",
                 Ethernet{.destination = kLldpMac, .source = kHostMac}.frame(kEthertypeLldp, Bytes(46, 2))},
        Ordinary{"Eapol", kHostBroadcast.frame(kEthertypeEapol, Bytes(46))},
        Ordinary{"Ieee8023Length", kHostBroadcast.frame(38, Bytes(46, 0x42))},
        Ordinary{"ArpBetweenHosts", arp_request(ip("192.0.2.77"))},
        Ordinary{"ArpOfTheNetworkAndBroadcastAddress", arp_request(ip("192.0.2.0"))},
        Ordinary{"RuntIpv4", kHostToRouter.frame(kEthertypeIpv4, {})},
        Ordinary{"RuntIpv6", kHostToRouter.frame(kEthertypeIpv6, {})},
        Ordinary{"RuntArp", kHostBroadcast.frame(kEthertypeArp, {})},
        Ordinary{"RuntVlan", kHostBroadcast.frame(kEthertype8021Q, {})},
        Ordinary{"OneByteOfPayload", kHostToRouter.frame(kEthertypeIpv4, {0x45})}),
    [](const auto& ordinary) { return std::string(ordinary.param.name); });

}  // namespace
}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// What concerns no Virtual Router leaves as it came, and nothing is counted.
#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint8_t kProtocolIgmp = 2;
constexpr std::uint16_t kEthertypeLldp = 0x88cc;
constexpr std::uint16_t kEthertypeEapol = 0x888e;
const MacAddress kLldpMac = mac("01:80:c2:00:00:0e");
const Ethernet kHostToRouter{.destination = kRouterMac, .source = kHostMac};

/// The fixed header of IPv6, which the programs have no reason to read further than its ethertype.
Bytes ipv6_packet(std::uint8_t next_header) {
    Bytes packet(64);
    packet[0] = 0x60;
    packet[5] = 24;
    packet[6] = next_header;
    packet[7] = 255;
    return packet;
}

Bytes to_router(std::uint8_t protocol, const IpAddress& destination, std::size_t payload) {
    return kHostToRouter.frame(
        kEthertypeIpv4, Ipv4{.source = kHostIp, .destination = destination, .protocol = protocol}.packet(
                            Bytes(payload, 0x55)));
}

struct Ordinary {
    const char* name;
    Bytes frame;
};

class OrdinaryFrame : public DataPlane, public ::testing::WithParamInterface<Ordinary> {};

TEST_P(OrdinaryFrame, IsUntouched) {
    EXPECT_EQ(receive(GetParam().frame), passed(GetParam().frame));
    become_active();
    EXPECT_EQ(receive(GetParam().frame), passed(GetParam().frame));
}

INSTANTIATE_TEST_SUITE_P(
    , OrdinaryFrame,
    ::testing::Values(
        Ordinary{"Tcp", to_router(kProtocolTcp, kFarIp, 1460)},
        Ordinary{"Udp", to_router(kProtocolUdp, kFarIp, 26)},
        Ordinary{"UdpJumbo", to_router(kProtocolUdp, kFarIp, 8972)},
        Ordinary{"ToTheVirtualAddressAtThePhysicalMac", to_router(kProtocolTcp, kVirtualIp, 20)},
        Ordinary{"Igmp", to_router(kProtocolIgmp, ip("224.0.0.22"), 8)},
        Ordinary{"Ipv6Tcp", kHostToRouter.frame(kEthertypeIpv6, ipv6_packet(kProtocolTcp))},
        Ordinary{"Ipv6Vrrp", kHostToRouter.frame(kEthertypeIpv6, ipv6_packet(kProtocolVrrp))},
        Ordinary{"Lldp",
                 Ethernet{.destination = kLldpMac, .source = kHostMac}.frame(kEthertypeLldp, Bytes(46, 2))},
        Ordinary{"Eapol", kHostBroadcast.frame(kEthertypeEapol, Bytes(46))},
        Ordinary{"Ieee8023Length", kHostBroadcast.frame(38, Bytes(46, 0x42))},
        Ordinary{"ArpBetweenHosts", arp_request(ip("192.0.2.77"))},
        Ordinary{"ArpOfTheNetworkAndBroadcastAddress", arp_request(ip("192.0.2.0"))},
        Ordinary{"RuntIpv4", kHostToRouter.frame(kEthertypeIpv4, {})},
        Ordinary{"RuntArp", kHostBroadcast.frame(kEthertypeArp, {})},
        Ordinary{"RuntVlan", kHostBroadcast.frame(kEthertype8021Q, {})},
        Ordinary{"OneByteOfPayload", kHostToRouter.frame(kEthertypeIpv4, {0x45})}),
    [](const auto& ordinary) { return std::string(ordinary.param.name); });

}  // namespace
}  // namespace vrrp_xdp::test

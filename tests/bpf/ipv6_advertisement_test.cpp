// SPDX-License-Identifier: BSD-2-Clause
// Valid advertisements over IPv6 are consumed, and what only looks like one is left to the kernel.
#include <gmock/gmock.h>

#include "data_plane.hpp"
#include "landscape6.hpp"
#include "protocol/advertisement.hpp"

namespace vrrp_xdp::test {
namespace {

using namespace std::chrono_literals;

Vrrp ordinary(std::uint8_t vrid = 10) {
    return {.vrid = vrid, .addresses = {kVirtualLinkLocal, kVirtualIp6}};
}

/// As our own routers send it.
Bytes serialized(std::size_t addresses) {
    std::vector<IpAddress> list(addresses, kVirtualIp6);
    list.front() = kVirtualLinkLocal;
    return protocol::serialize({.version = protocol::Version::V3,
                                .vrid = protocol::Vrid::from(10).value(),
                                .priority = 100,
                                .interval = 1s,
                                .checksum = protocol::ChecksumForm::PseudoHeader,
                                .source = kPeerLinkLocal,
                                .addresses = list});
}

class AdvertisementOverIpv6 : public DualStack {
  protected:
    void expect_consumed(const Bytes& frame) { EXPECT_EQ(receive(frame), consumed(frame, kSlot6)); }
    void expect_untouched(const Bytes& frame) { EXPECT_EQ(receive(frame), passed(frame)); }
};

TEST_F(AdvertisementOverIpv6, IsConsumed_InEitherRole_rfc9568_5_1_2) {
    expect_consumed(advertisement6(ordinary()));
    become_active(kSlot6);
    expect_consumed(advertisement6(ordinary()));
    expect_consumed(advertisement6(serialized(1)));
}

TEST_F(AdvertisementOverIpv6, IsConsumed_With90Addresses_AsManyAsFitInto1500Bytes) {
    for (const std::size_t addresses : {2U, 89U, 90U}) {
        const Bytes message = serialized(addresses);
        expect_consumed(advertisement6(message));
        EXPECT_EQ(events().at(0).message(), message);
    }
}

TEST_F(AdvertisementOverIpv6, OfTheLongestMessage_IsConsumed) {
    const Vrrp vrrp{.addresses = std::vector(90, kVirtualLinkLocal), .tail = Bytes(4)};
    const Bytes frame = advertisement6(vrrp);
    EXPECT_EQ(receive(frame), consumed(frame, kSlot6).counting(VRRP_XDP_VR_trailing_bytes, kSlot6));
    EXPECT_EQ(events().at(0).record.length, VRRP_XDP_MESSAGE_MAX);
    EXPECT_EQ(events().at(0).bytes, sizeof(vrrp_xdp_event));
}

TEST_F(AdvertisementOverIpv6, IsConsumed_WithEachLinkLocalFirstAddress_rfc4291_2_4) {
    for (const char* first : {"fe80::", "fe80::1", "febf:ffff::1", "fe90::1"})
        expect_consumed(advertisement6(Vrrp{.addresses = {ip(first), kVirtualIp6}}));
}

TEST_F(AdvertisementOverIpv6, IsConsumed_WithEachPriority_rfc9568_5_2_4) {
    for (const std::uint8_t priority : Bytes{0, 1, 254, 255})
        expect_consumed(advertisement6(Vrrp{.priority = priority, .addresses = {kVirtualLinkLocal}}));
}

TEST_F(AdvertisementOverIpv6, IsConsumed_BehindExtensionHeaders_rfc8200_4) {
    const Extension hop_by_hop{.protocol = kHopByHopOptions};
    const Extension destination{.protocol = kDestinationOptions, .body = Bytes(6 + 8 * 3)};
    const Extension routing{.protocol = kRoutingHeader};
    for (const std::vector<Extension>& chain :
         {std::vector{hop_by_hop}, {destination}, {hop_by_hop, destination, routing, destination}}) {
        Ipv6 envelope = advertisement_envelope6();
        envelope.extensions = chain;
        expect_consumed(advertisement6(ordinary(), envelope));
        EXPECT_EQ(events().at(0).message(), ordinary().message_summed_with(envelope));
    }
}

TEST_F(AdvertisementOverIpv6, PaddingBehindThePacket_IsNoPartOfTheMessage) {
    Bytes frame = advertisement6(ordinary());
    frame.resize(frame.size() + 13, 0xee);
    expect_consumed(frame);
    EXPECT_EQ(events().at(0).message(), ordinary().message_summed_with(advertisement_envelope6()));
}

TEST_F(AdvertisementOverIpv6, IsOfTheVlanItCameIn) {
    Router router = ipv6_router();
    router.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20};
    const auto stacked = add(router);
    const std::vector<Tag> tags{{.id = 100, .ethertype = kEthertype8021AD}, {.id = 20}};
    const Bytes frame = advertisement6(ordinary(), advertisement_envelope6(), tags);
    EXPECT_EQ(receive(frame), consumed(frame, stacked));
    const Bytes elsewhere = advertisement6(ordinary(), advertisement_envelope6(), {{.id = 20}});
    EXPECT_EQ(receive(elsewhere), passed(elsewhere).counting(VRRP_XDP_PORT_vrid_errors));
}

TEST_F(AdvertisementOverIpv6, OfAVridThatIsOursOverIpv4Alone_IsForeign_AndTheOtherWayRound) {
    add({.vrid = 20, .addresses = {}});
    const Bytes over_ipv6 = advertisement6(ordinary(20));
    EXPECT_EQ(receive(over_ipv6), passed(over_ipv6).counting(VRRP_XDP_PORT_vrid_errors));
    add({.vrid = 30, .addresses = {}, .family = VRRP_XDP_IPV6});
    const Bytes over_ipv4 = advertisement(Vrrp{.vrid = 30, .addresses = {kVirtualIp}}.message());
    EXPECT_EQ(receive(over_ipv4), passed(over_ipv4).counting(VRRP_XDP_PORT_vrid_errors));
}

TEST_F(AdvertisementOverIpv6, AndOneOverIpv4_OfTheSameVrid_AreTwoElections) {
    expect_consumed(advertisement6(ordinary()));
    const Bytes over_ipv4 = advertisement(Vrrp{.addresses = {kVirtualIp}}.message());
    EXPECT_EQ(receive(over_ipv4), consumed(over_ipv4));
}

TEST_F(AdvertisementOverIpv6, Event_TellsWhenWhereWhoAndWhat) {
    const Bytes message = serialized(3);
    const std::uint64_t before = boot_now();
    receive(advertisement6(message));
    const std::uint64_t after = boot_now();

    ASSERT_EQ(events().size(), 1U);
    const vrrp_xdp_event& event = events().front().record;
    EXPECT_GE(event.received_ns, before);
    EXPECT_LE(event.received_ns, after);
    EXPECT_EQ(event.ifindex, 1U);
    EXPECT_EQ(event.slot, kSlot6);
    EXPECT_EQ(event.type, VRRP_XDP_ADVERTISEMENT);
    EXPECT_EQ(event.election.family, VRRP_XDP_IPV6);
    EXPECT_EQ(MacAddress{std::to_array(event.source_mac)}, kPeerMac);
    EXPECT_EQ(IpAddress::from_bytes(event.source), kPeerLinkLocal);
    EXPECT_EQ(event.length, message.size());
    EXPECT_EQ(events().front().message(), message);
    EXPECT_EQ(events().front().bytes, offsetof(vrrp_xdp_event, message) + message.size());
}

/// Both families are written into the same draft.
TEST_F(AdvertisementOverIpv6, LeavesNothingInTheEventOfTheNextOneOverIpv4) {
    receive(advertisement6(ordinary()));
    receive(advertisement(Vrrp{.addresses = {kVirtualIp}}.message()));
    const vrrp_xdp_event& event = events().at(0).record;
    EXPECT_EQ(event.election.family, VRRP_XDP_IPV4);
    EXPECT_THAT(std::span(event.source).subspan(4), ::testing::Each(0));
}

TEST_F(AdvertisementOverIpv6, Fragment_IsCountedOnThePort_AndPassed) {
    for (const Bytes& body : {Bytes(6), Bytes{0, 1, 0, 0, 0, 7}, Bytes{0, 8, 0, 0, 0, 7}}) {
        Ipv6 envelope = advertisement_envelope6();
        envelope.extensions = {{.protocol = kFragmentHeader, .body = body}};
        const Bytes frame = advertisement6(ordinary(), envelope);
        EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_fragments));
        envelope.extensions.insert(envelope.extensions.begin(), {.protocol = kHopByHopOptions});
        const Bytes behind_options = advertisement6(ordinary(), envelope);
        EXPECT_EQ(receive(behind_options), passed(behind_options).counting(VRRP_XDP_PORT_fragments));
    }
}

TEST_F(AdvertisementOverIpv6, FragmentOfSomethingElse_IsNobodysBusiness) {
    Ipv6 envelope = advertisement_envelope6();
    envelope.extensions = {{.protocol = kFragmentHeader, .body = Bytes(6)}};
    envelope.protocol = kProtocolUdp;
    expect_untouched(advertisement6(ordinary(), envelope));
    envelope = advertisement_envelope6();
    envelope.extensions = {{.protocol = kFragmentHeader, .body = Bytes(6)}};
    envelope.destination = kAllNodes;
    expect_untouched(advertisement6(ordinary(), envelope));
}

TEST_F(AdvertisementOverIpv6, ToAnotherDestination_IsUntouched_rfc9568_5_1_2_2) {
    for (const char* destination : {"ff02::1", "ff02::13", "ff05::12", "ff02::1:0:0:12", "ff02:0:0:1::12",
                                    "ff02:1::12", "fe80::1", "fe80::ff", "2001:db8::ff"}) {
        Ipv6 envelope = advertisement_envelope6();
        envelope.destination = ip(destination);
        expect_untouched(advertisement6(ordinary(), envelope));
    }
}

TEST_F(AdvertisementOverIpv6, OfAnotherProtocol_IsUntouched_rfc9568_5_1_2_4) {
    for (const std::uint8_t protocol : Bytes{1, 2, 6, 17, 50, 51, kProtocolIcmpv6, 59, 111, 113, 255}) {
        Ipv6 envelope = advertisement_envelope6();
        envelope.protocol = protocol;
        expect_untouched(advertisement6(ordinary(), envelope));
    }
}

TEST_F(AdvertisementOverIpv6, OfAnotherVersionOfIp_IsUntouched) {
    for (const std::uint8_t version : Bytes{0, 4, 5, 7, 15}) {
        Ipv6 envelope = advertisement_envelope6();
        envelope.version = version;
        expect_untouched(advertisement6(ordinary(), envelope));
    }
}

TEST_F(AdvertisementOverIpv6, InAFrameThatEndsInside_IsUntouched) {
    const Bytes whole = advertisement6(ordinary());
    for (std::size_t bytes = kEthernetBytes; bytes < whole.size(); ++bytes)
        expect_untouched(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)));
}

/// A chain that runs past the end of its packet.
TEST_F(AdvertisementOverIpv6, BehindAnExtensionHeaderThatDoesNotEnd_IsUntouched) {
    for (const std::uint8_t length : Bytes{10, 100, 255}) {
        Ipv6 envelope = advertisement_envelope6();
        envelope.extensions = {{.protocol = kDestinationOptions, .length = length}};
        Bytes frame = advertisement6(ordinary(), envelope);
        frame.resize(frame.size() + 4096);
        expect_untouched(frame);
    }
    Ipv6 envelope = advertisement_envelope6();
    envelope.protocol = kHopByHopOptions;
    for (const std::uint16_t bytes : std::initializer_list<std::uint16_t>{0, 1, 7}) {
        envelope.payload_length = bytes;
        expect_untouched(advertisement6(Bytes(64), envelope));
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

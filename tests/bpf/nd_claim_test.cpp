// SPDX-License-Identifier: BSD-2-Clause
// A virtual address that somebody else's Neighbour Advertisement claims is counted, and reported once a
// second. No Neighbour Advertisement is kept from the kernel.
#include <cstddef>

#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

using NdClaim = DualStack;

constexpr std::size_t kMostOptions = 16;  // that are read

/// Unsolicited: whoever has this MAC says that it has the virtual address.
NeighbourAdvertisement claim(const MacAddress& from, const IpAddress& target = kVirtualIp6) {
    return {.link = {.destination = kAllNodesMac, .source = from},
            .envelope = nd_envelope(target, kAllNodes),
            .target = target,
            .flags = kOverrideFlag,
            .options = nd_option(kTargetAddressOption, from)};
}

const Bytes kClaim = claim(kHostMac).frame();

TEST_F(NdClaim, IsCountedReportedAndPassed_InEitherRole) {
    EXPECT_EQ(receive(kClaim),
              passed(kClaim).counting(VRRP_XDP_VR_nd_claims, kSlot6).reporting_claim(kSlot6));
    become_active(kSlot6);
    EXPECT_EQ(receive(kClaim), passed(kClaim).counting(VRRP_XDP_VR_nd_claims, kSlot6));
}

TEST_F(NdClaim, InAnAnswerToAHost_IsOne) {
    const Bytes answer = NeighbourAdvertisement{.link = {.destination = kRouterMac, .source = kHostMac},
                                                .envelope = nd_envelope(kHostIp6, ip("2001:db8::1")),
                                                .target = kVirtualIp6,
                                                .flags = kSolicitedFlag}
                             .frame();
    EXPECT_EQ(receive(answer),
              passed(answer).counting(VRRP_XDP_VR_nd_claims, kSlot6).reporting_claim(kSlot6));
}

TEST_F(NdClaim, BehindExtensionHeaders_IsOne) {
    NeighbourAdvertisement advertisement = claim(kHostMac);
    advertisement.envelope.extensions = {{.protocol = kHopByHopOptions}, {.protocol = kDestinationOptions}};
    const Bytes frame = advertisement.frame();
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_VR_nd_claims, kSlot6).reporting_claim(kSlot6));
}

TEST_F(NdClaim, IsNoneWhenTheVirtualMacSaysIt) {
    for (const IpAddress& address : {kVirtualIp6, kVirtualLinkLocal}) {
        const Bytes announcement = claim(kVirtualMac6, address).frame();
        EXPECT_EQ(receive(announcement), passed(announcement));
    }
}

TEST_F(NdClaim, ByTheVirtualMacOfTheSameVridOverIpv4_IsOne) {
    const Bytes frame = claim(kVirtualMac).frame();
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_VR_nd_claims, kSlot6).reporting_claim(kSlot6));
}

/// Somebody speaks for another: neighbours learn the MAC in the option, and not that of the frame.
TEST_F(NdClaim, IsOfTheMacInTheOption_NotOfTheFrames_rfc4861_4_4) {
    NeighbourAdvertisement advertisement = claim(kVirtualMac6);
    advertisement.options = nd_option(kTargetAddressOption, kPeerMac);
    const Bytes by_the_virtual_mac = advertisement.frame();
    EXPECT_EQ(receive(by_the_virtual_mac),
              passed(by_the_virtual_mac).counting(VRRP_XDP_VR_nd_claims, kSlot6).reporting_claim(kSlot6));
    ASSERT_EQ(events().size(), 1U);
    EXPECT_EQ(MacAddress{std::to_array(events().front().record.source_mac)}, kPeerMac);

    advertisement = claim(kHostMac);
    advertisement.options = nd_option(kTargetAddressOption, kVirtualMac6);
    const Bytes for_the_virtual_mac = advertisement.frame();
    EXPECT_EQ(receive(for_the_virtual_mac), passed(for_the_virtual_mac));
}

TEST_F(NdClaim, IsOfTheMacInTheOption_WhereverItStands) {
    const Bytes nonce = nd_option(kNonceOption, kHostMac);
    NeighbourAdvertisement advertisement = claim(kVirtualMac6);
    advertisement.options = {};
    for (std::size_t before = 0; before < kMostOptions; ++before) {
        NeighbourAdvertisement each = advertisement;
        each.options = joined(advertisement.options, nd_option(kTargetAddressOption, kHostMac));
        const Bytes frame = each.frame();
        EXPECT_TRUE(receive(frame).traces.contains(trace_name(VRRP_XDP_VR_nd_claims, kSlot6))) << before;
        advertisement.options = joined(advertisement.options, nonce);
    }
}

/// What is not a whole option of the target says nothing; then the frame's MAC counts.
TEST_F(NdClaim, IsOfTheFramesMac_WithoutTheOption) {
    const Bytes of_target = nd_option(kTargetAddressOption, kPeerMac);
    const Bytes endless{kNonceOption, 0, 0, 0, 0, 0, 0, 0};
    for (const Bytes& options : {Bytes{}, nd_option(kSourceAddressOption, kPeerMac),
                                 joined(endless, of_target), Bytes(of_target.begin(), of_target.end() - 1)}) {
        NeighbourAdvertisement advertisement = claim(kVirtualMac6);
        advertisement.options = options;
        const Bytes frame = advertisement.frame();
        EXPECT_EQ(receive(frame), passed(frame));
    }
}

TEST_F(NdClaim, LooksForNoOptionBehindThePacket) {
    NeighbourAdvertisement advertisement = claim(kVirtualMac6);
    advertisement.options = {};
    const Bytes frame = joined(advertisement.frame(), nd_option(kTargetAddressOption, kHostMac));
    EXPECT_EQ(receive(frame), passed(frame));
}

TEST_F(NdClaim, OfAnotherAddress_IsNobodysBusiness) {
    for (const IpAddress& address : {kHostIp6, kPeerLinkLocal}) {
        const Bytes frame = claim(kHostMac, address).frame();
        EXPECT_EQ(receive(frame), passed(frame));
    }
}

TEST_F(NdClaim, IsOfTheVlanItCameIn) {
    Router router = ipv6_router();
    router.tags = {VRRP_XDP_TAG_8021Q | 20};
    const auto tagged = add(router);
    NeighbourAdvertisement advertisement = claim(kHostMac);
    advertisement.link.tags = {{.id = 20}};
    const Bytes frame = advertisement.frame();
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_VR_nd_claims, tagged).reporting_claim(tagged));
}

TEST_F(NdClaim, Report_TellsWhenWhereWhoAndWhat) {
    const std::uint64_t before = boot_now();
    receive(claim(kHostMac, kVirtualLinkLocal).frame());
    const std::uint64_t after = boot_now();

    ASSERT_EQ(events().size(), 1U);
    const vrrp_xdp_event& event = events().front().record;
    EXPECT_GE(event.received_ns, before);
    EXPECT_LE(event.received_ns, after);
    EXPECT_EQ(event.received_ns, stamp(kSlot6).claim_ns);
    EXPECT_EQ(event.ifindex, 1U);
    EXPECT_EQ(event.slot, kSlot6);
    EXPECT_EQ(event.type, VRRP_XDP_CLAIM);
    EXPECT_EQ(event.election.family, VRRP_XDP_IPV6);
    EXPECT_EQ(MacAddress{std::to_array(event.source_mac)}, kHostMac);
    EXPECT_EQ(IpAddress::from_bytes(event.source), kVirtualLinkLocal);
    EXPECT_EQ(event.length, 0U);
    EXPECT_EQ(events().front().bytes, offsetof(vrrp_xdp_event, message));
}

TEST_F(NdClaim, OverIpv6_DoesNotSilenceOneOverIpv4_WhichHoldsNothingOfIt) {
    receive(kClaim);
    const Bytes arp = arp_announcement(kHostMac, kArpReply);
    EXPECT_EQ(receive(arp), passed(arp).counting(VRRP_XDP_VR_arp_claims).reporting_claim());
    const vrrp_xdp_event& event = events().at(0).record;
    EXPECT_EQ(event.election.family, VRRP_XDP_IPV4);
    EXPECT_EQ(IpAddress::from_bytes(std::span(event.source).first(4)), kVirtualIp);
    for (std::size_t i = 4; i < sizeof(event.source); ++i) EXPECT_EQ(event.source[i], 0) << i;
}

/// Without a target there is nothing to claim.
TEST_F(NdClaim, CutShort_IsUntouched) {
    for (std::size_t bytes = kEthernetBytes; bytes < kClaim.size(); ++bytes) {
        const Bytes cut(kClaim.begin(), kClaim.begin() + static_cast<std::ptrdiff_t>(bytes));
        EXPECT_EQ(receive(cut), passed(cut));
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

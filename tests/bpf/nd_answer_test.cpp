// SPDX-License-Identifier: BSD-2-Clause
// Neighbour Solicitations: the Active Router answers for its virtual addresses, nobody else answers at all.
#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr Tag kVlan20{.id = 20, .priority = 5};
constexpr Tag kServiceVlan100{.id = 100, .ethertype = kEthertype8021AD};

class NdAnswer : public DualStack {
  protected:
    void expect_answered(const Solicitation& question, const Bytes& answer) {
        EXPECT_EQ(receive(question.frame()), sent_back(answer).counting(VRRP_XDP_VR_nd_answered, kSlot6));
    }
    void expect_untouched(const Bytes& frame) { EXPECT_EQ(receive(frame), passed(frame)); }
};

TEST_F(NdAnswer, WhileLeaseIsValid_HasRouterSolicitedAndOverrideSet_rfc9568_8_2_2) {
    become_active(kSlot6);
    const Bytes expected{0x02, 0,    0,    0,    0,    0x0a,                      // to the host that asked
                         0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a,                      // from the virtual MAC
                         0x86, 0xdd, 0x60, 0,    0,    0,    0,    32,  58, 255,  // hop limit 255
                         0x20, 0x01, 0x0d, 0xb8, 0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    0xfe,  // from the virtual address
                         0x20, 0x01, 0x0d, 0xb8, 0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    0x0a,           // to who asked
                         136,  0,    0xaa, 0x67, 0xe0, 0,    0,    0,  // R, S and O
                         0x20, 0x01, 0x0d, 0xb8, 0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    0xfe,               // which address
                         2,    1,    0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a};  // is at the virtual MAC
    expect_answered({}, expected);
}

TEST_F(NdAnswer, ToWhoHasNoAddressYet_GoesToAllNodes_NotSolicited_rfc4861_7_2_4) {
    become_active(kSlot6);
    const Bytes expected{0x33, 0x33, 0,    0,    0,    1,                         // to everybody
                         0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a,                      // from the virtual MAC
                         0x86, 0xdd, 0x60, 0,    0,    0,    0,    32,  58, 255,  // hop limit 255
                         0x20, 0x01, 0x0d, 0xb8, 0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    0xfe,  // from the virtual address
                         0xff, 0x02, 0,    0,    0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    1,              // to all nodes
                         136,  0,    0x19, 0x27, 0xa0, 0,    0,    0,  // R and O
                         0x20, 0x01, 0x0d, 0xb8, 0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    0xfe,               // which address
                         2,    1,    0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a};  // is at the virtual MAC
    expect_answered(duplicate_address_detection(), expected);
}

/// One that is relayed, say by a proxy or a wireless bridge that has its own MAC in the frame.
TEST_F(NdAnswer, GoesToTheLinkLayerAddressThatTheQuestionNames_NotToTheFramesSource_rfc4861_7_2_4) {
    become_active(kSlot6);
    const Ethernet relayed{.destination = kSolicitedNodeMac, .source = kPeerMac};
    expect_answered({.link = relayed}, nd_answer());
    const Bytes nonce = nd_option(kNonceOption, kPeerMac);
    const Bytes source = nd_option(kSourceAddressOption, kHostMac);
    expect_answered({.link = relayed, .options = joined(nonce, source)}, nd_answer());
}

TEST_F(NdAnswer, GoesToTheFramesSource_WhereTheQuestionNamesNone_rfc4861_4_3) {
    become_active(kSlot6);
    expect_answered({.options = {}}, nd_answer());
}

TEST_F(NdAnswer, ToAQuestionForOneAlone_IsTheSame_rfc4861_7_3) {
    become_active(kSlot6);
    expect_answered({.link = {.destination = kVirtualMac6, .source = kHostMac},
                     .envelope = nd_envelope(kHostIp6, kVirtualIp6)},
                    nd_answer());
}

TEST_F(NdAnswer, ForTheVirtualLinkLocal_ToALinkLocalHost) {
    become_active(kSlot6);
    expect_answered({.envelope = nd_envelope(kHostLinkLocal, kSolicitedNode), .target = kVirtualLinkLocal},
                    nd_answer(kVirtualLinkLocal, kHostLinkLocal));
}

TEST_F(NdAnswer, HasTheVirtualMacOfTheTargetsVirtualRouter) {
    const auto other = add({.vrid = 20, .addresses = {"2001:db8:1::1"}, .family = VRRP_XDP_IPV6});
    become_active(other);
    const IpAddress target = ip("2001:db8:1::1");
    const Bytes answer =
        NeighbourAdvertisement{.link = {.destination = kHostMac, .source = ipv6_virtual_mac(20)},
                               .envelope = nd_envelope(target, kHostIp6),
                               .target = target,
                               .flags = kRouterFlag | kSolicitedFlag | kOverrideFlag,
                               .options = nd_option(kTargetAddressOption, ipv6_virtual_mac(20))}
            .frame();
    const Bytes question = Solicitation{.target = target}.frame();
    EXPECT_EQ(receive(question), sent_back(answer).counting(VRRP_XDP_VR_nd_answered, other));
}

/// The checksum meets many sums on the way.
TEST_F(NdAnswer, HasTheRightChecksum_WhoeverAsks) {
    become_active(kSlot6);
    for (unsigned last = 0; last < 0x10000; last += 0x101) {
        std::vector<std::uint8_t> bytes(kHostIp6.bytes().begin(), kHostIp6.bytes().end());
        bytes[14] = static_cast<std::uint8_t>(~last >> 8);
        bytes[15] = static_cast<std::uint8_t>(last);
        const IpAddress asker = IpAddress::from_bytes(bytes);
        expect_answered({.envelope = nd_envelope(asker, kSolicitedNode)}, nd_answer(kVirtualIp6, asker));
    }
}

TEST_F(NdAnswer, IsAsLongAsItMustBe_WhateverOptionsTheQuestionHas_rfc4861_4_3) {
    become_active(kSlot6);
    const Bytes source = nd_option(kSourceAddressOption, kHostMac);
    const Bytes nonce = nd_option(kNonceOption, kHostMac);
    const Bytes unknown{253, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    for (const Bytes& options : {Bytes{}, source, nonce, joined(source, nonce), joined(nonce, source),
                                 unknown, joined(unknown, joined(source, nonce))})
        expect_answered({.options = options}, nd_answer());

    Solicitation nameless = duplicate_address_detection();
    nameless.options = nonce;  // RFC 7527 section 4.1
    expect_answered(nameless, nd_answer_to_all());
}

TEST_F(NdAnswer, IsGiven_WithAsManyOptionsAsAreRead) {
    become_active(kSlot6);
    Bytes options;
    for (int i = 0; i < 16; ++i) options = joined(options, nd_option(kNonceOption, kHostMac));
    expect_answered({.options = options}, nd_answer());
}

TEST_F(NdAnswer, IsGiven_WithTheLongestOption) {
    become_active(kSlot6);
    constexpr std::size_t room = VRRP_XDP_MESSAGE_MAX - 24;
    constexpr std::size_t units = std::min<std::size_t>(255, room / 8);
    Bytes option(units * 8);
    option[0] = kNonceOption;
    option[1] = static_cast<std::uint8_t>(units);
    expect_answered({.options = option}, nd_answer());
}

TEST_F(NdAnswer, DoesNotKeepWhatLiesBehindThePacket) {
    become_active(kSlot6);
    Bytes question = Solicitation{}.frame();
    question.resize(question.size() + 40, 0xee);
    EXPECT_EQ(receive(question), sent_back(nd_answer()).counting(VRRP_XDP_VR_nd_answered, kSlot6));
}

TEST_F(NdAnswer, KeepsTheTags_WhetherItGrowsOrShrinks) {
    const Bytes source = nd_option(kSourceAddressOption, kHostMac);
    const std::vector<Tag> one{kVlan20};
    const std::vector<Tag> two{kServiceVlan100, kVlan20};
    const std::vector<Tag> none_but_priority{{.id = 0, .priority = 6}};
    Router router = ipv6_router();
    router.tags = {VRRP_XDP_TAG_8021Q | 20};
    const auto tagged = add(router);
    router.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20};
    const auto stacked = add(router);
    for (const auto& [tags, slot] : {std::pair(one, tagged), std::pair(two, stacked),
                                     std::pair(none_but_priority, std::uint32_t{kSlot6})}) {
        become_active(slot);
        for (const Bytes& options : {Bytes{}, source, joined(source, source)}) {
            Solicitation question{.options = options};
            question.link.tags = tags;
            EXPECT_EQ(
                receive(question.frame()),
                sent_back(nd_answer(kVirtualIp6, kHostIp6, tags)).counting(VRRP_XDP_VR_nd_answered, slot));
        }
        Solicitation nameless = duplicate_address_detection();
        nameless.link.tags = tags;
        EXPECT_EQ(receive(nameless.frame()),
                  sent_back(nd_answer_to_all(kVirtualIp6, tags)).counting(VRRP_XDP_VR_nd_answered, slot));
        become_backup(slot);
    }
}

TEST_F(NdAnswer, IsGivenInTheVlanOfTheQuestionAlone) {
    become_active(kSlot6);
    Solicitation question;
    question.link.tags = {kVlan20};
    expect_untouched(question.frame());
}

const std::vector<std::vector<Extension>>& chains() {
    static const Extension hop_by_hop{.protocol = kHopByHopOptions};
    static const Extension destination{.protocol = kDestinationOptions};
    static const Extension routing{.protocol = kRoutingHeader};
    static const Extension longer{.protocol = kDestinationOptions, .body = Bytes(6 + 8 * 20)};
    static const Extension longest{.protocol = kDestinationOptions, .body = Bytes(6 + 8 * 255)};
    static const std::vector<std::vector<Extension>> all{
        {hop_by_hop},
        {destination},
        {routing},
        {longer},
        {longest},
        {hop_by_hop, destination},
        {hop_by_hop, longer, routing, destination},
    };
    return all;
}

TEST_F(NdAnswer, HasNoExtensionHeaders_ThoughTheQuestionHad_rfc8200_4) {
    become_active(kSlot6);
    for (const auto& chain : chains()) {
        Solicitation question;
        question.envelope.extensions = chain;
        expect_answered(question, nd_answer());
        question = duplicate_address_detection();
        question.envelope.extensions = chain;
        expect_answered(question, nd_answer_to_all());
    }
}

TEST_F(NdAnswer, IsLeftToTheKernel_BehindMoreExtensionHeadersThanAnybodySends) {
    become_active(kSlot6);
    Solicitation question;
    question.envelope.extensions = std::vector<Extension>(5, {.protocol = kDestinationOptions});
    expect_untouched(question.frame());
}

TEST_F(NdAnswer, IsNotGivenToAFragment_rfc6980_5) {
    become_active(kSlot6);
    Solicitation question;
    question.envelope.extensions = {{.protocol = kFragmentHeader, .body = Bytes(6)}};
    expect_untouched(question.frame());
}

/// Each says that it ends behind the packet, which the frame still holds.
TEST_F(NdAnswer, IsNotGiven_WhereAnExtensionHeaderIsLongerThanThePacket) {
    become_active(kSlot6);
    for (const std::uint8_t length : Bytes{5, 9, 255}) {
        Solicitation question;
        question.envelope.extensions = {{.protocol = kDestinationOptions, .length = length}};
        Bytes frame = question.frame();
        frame.resize(frame.size() + 4096);
        expect_untouched(frame);
    }
}

TEST_F(NdAnswer, IsNotGiven_ByABackup_rfc9568_6_4_2) {
    for (const Solicitation& question : {Solicitation{}, duplicate_address_detection()})
        EXPECT_EQ(receive(question.frame()),
                  dropped(question.frame()).counting(VRRP_XDP_VR_nd_not_answered, kSlot6));
}

TEST_F(NdAnswer, IsNotGiven_OnceTheLeaseIsPast) {
    const Bytes question = Solicitation{}.frame();
    for (const std::uint64_t past : {std::uint64_t{1}, boot_now()}) {
        set_lease(past, kSlot6);
        EXPECT_EQ(receive(question), dropped(question).counting(VRRP_XDP_VR_nd_not_answered, kSlot6));
    }
}

TEST_F(NdAnswer, IsNotGiven_ByTheLeaseOfTheSameVridOverIpv4_NorTheOtherWayRound) {
    become_active();
    const Bytes question = Solicitation{}.frame();
    EXPECT_EQ(receive(question), dropped(question).counting(VRRP_XDP_VR_nd_not_answered, kSlot6));
    become_backup();
    become_active(kSlot6);
    EXPECT_EQ(receive(arp_request()), dropped(arp_request()).counting(VRRP_XDP_VR_arp_not_answered));
}

TEST_F(NdAnswer, IsNotGivenForAnotherAddress) {
    become_active(kSlot6);
    for (const char* target : {"2001:db8::fd", "2001:db8::1:fe", "fe80::1:0:0:fe", "::", "::fe"})
        expect_untouched(Solicitation{.target = ip(target)}.frame());
}

TEST_F(NdAnswer, IsNotGivenToAFrameThatEndsInside) {
    become_active(kSlot6);
    const Bytes whole = Solicitation{}.frame();
    for (std::size_t bytes = kEthernetBytes; bytes < whole.size(); ++bytes)
        expect_untouched(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)));
}

/// A shorter message has no target that could be ours.
TEST_F(NdAnswer, IsNotGivenToAMessageWithoutAWholeTarget) {
    become_active(kSlot6);
    for (std::uint16_t length = 0; length < 24; ++length) {
        Solicitation question;
        question.envelope.payload_length = length;
        expect_untouched(question.frame());
    }
}

TEST_F(NdAnswer, IsNotGivenToAnotherVersionOfIp) {
    become_active(kSlot6);
    for (const std::uint8_t version : Bytes{0, 4, 5, 7, 15}) {
        Solicitation question;
        question.envelope.version = version;
        expect_untouched(question.frame());
    }
}

TEST_F(NdAnswer, IsGivenToSolicitationsAlone) {
    become_active(kSlot6);
    const Bytes body = neighbour_body(kVirtualIp6, nd_option(kSourceAddressOption, kHostMac));
    for (const std::uint8_t type : Bytes{1, 2, kEchoRequest, 129, 130, 131, 143, kRouterSolicitation,
                                         kRouterAdvertisement, kRedirect, 0, 255}) {
        for (const IpAddress& destination : {kSolicitedNode, kAllNodes}) {
            const Ipv6 envelope = nd_envelope(kHostIp6, destination);
            expect_untouched(Ethernet{.destination = kRouterMac, .source = kHostMac}.frame(
                kEthertypeIpv6, envelope.packet(Icmpv6{.type = type, .body = body}.message(envelope))));
        }
    }
}

TEST_F(NdAnswer, IsNotGivenToWhatIsNoIcmpv6) {
    become_active(kSlot6);
    for (const std::uint8_t protocol : Bytes{1, 6, kProtocolUdp, 50, 51, 59, kProtocolVrrp, 135, 255}) {
        Solicitation question;
        question.envelope.protocol = protocol;
        expect_untouched(question.frame());
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// Neighbour Solicitations for a virtual address that RFC 4861 section 7.1.1 has discarded, each for one
// reason, or that are longer than any that is sent; neither the Active Router nor the kernel answers them.
#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

struct Invalid {
    const char* name;
    Solicitation question;
};

void PrintTo(const Invalid& invalid, std::ostream* out) { *out << invalid.name; }

Invalid with(const char* name, void (*spoil)(Solicitation&), Solicitation question = {}) {
    spoil(question);
    return {.name = name, .question = std::move(question)};
}

Bytes cut(Bytes bytes, std::size_t size) {
    bytes.resize(size);
    return bytes;
}

const Bytes kSource = nd_option(kSourceAddressOption, kHostMac);
const Bytes kNonce = nd_option(kNonceOption, kHostMac);

Bytes with_length(Bytes option, std::uint8_t units) {
    option[1] = units;
    return option;
}

/// Eight bytes each.
Bytes options(std::size_t how_many) {
    Bytes all;
    for (std::size_t i = 0; i < how_many; ++i) all = joined(all, kNonce);
    return all;
}

std::vector<Invalid> invalid_solicitations() {
    return {
        with("HopLimit254", [](auto& question) { question.envelope.hop_limit = 254; }),
        with("HopLimit64", [](auto& question) { question.envelope.hop_limit = 64; }),
        with("HopLimit0", [](auto& question) { question.envelope.hop_limit = 0; }),
        with("Checksum", [](auto& question) { question.checksum_error = 1; }),
        with("ChecksumInItsUpperHalf", [](auto& question) { question.checksum_error = 0x8000; }),
        with("SourceMulticast", [](auto& question) { question.envelope.source = kAllNodes; }),
        with("SourceLoopback", [](auto& question) { question.envelope.source = ip("::1"); }),
        with("AskerIsAGroup",
             [](auto& question) { question.options = nd_option(kSourceAddressOption, kAllNodesMac); }),
        with("Code1", [](auto& question) { question.code = 1; }),
        with("Code255", [](auto& question) { question.code = 255; }),
        with("LengthNoMultipleOfEight", [](auto& question) { question.options = joined(kSource, Bytes(4)); }),
        with("LengthOdd", [](auto& question) { question.options = cut(kSource, 7); }),
        with("OptionWithoutItsLength", [](auto& question) { question.options = {kSourceAddressOption}; }),
        with("OptionLength0", [](auto& question) { question.options = with_length(kSource, 0); }),
        with("SecondOptionLength0",
             [](auto& question) { question.options = joined(kNonce, with_length(kSource, 0)); }),
        with("OptionBeyondTheEnd", [](auto& question) { question.options = with_length(kSource, 2); }),
        with("SecondOptionBeyondTheEnd",
             [](auto& question) { question.options = joined(kSource, with_length(kNonce, 255)); }),
        with("SeventeenOptions", [](auto& question) { question.options = options(17); }),
        with("LongerThanAnyMessage", [](auto& question) { question.options = Bytes(1432, 179); }),
        with(
            "UnspecifiedSourceWithItsAddress", [](auto& question) { question.options = kSource; },
            duplicate_address_detection()),
        with(
            "UnspecifiedSourceWithItsAddressLast",
            [](auto& question) { question.options = joined(kNonce, kSource); },
            duplicate_address_detection()),
        with(
            "UnspecifiedSourceToUnicast", [](auto& question) { question.envelope.destination = kVirtualIp6; },
            duplicate_address_detection()),
        with(
            "UnspecifiedSourceToAllNodes", [](auto& question) { question.envelope.destination = kAllNodes; },
            duplicate_address_detection()),
        with(
            "UnspecifiedSourceToAlmostASolicitedNode",
            [](auto& question) { question.envelope.destination = ip("ff02::1:fe00:fe"); },
            duplicate_address_detection()),
    };
}

class InvalidSolicitation : public DualStack, public ::testing::WithParamInterface<Invalid> {};

TEST_P(InvalidSolicitation, IsDropped_rfc4861_7_1_1) {
    const Bytes frame = GetParam().question.frame();
    const Outcome expected = dropped(frame).counting(VRRP_XDP_VR_nd_invalid, kSlot6);
    EXPECT_EQ(receive(frame), expected);
    become_active(kSlot6);
    EXPECT_EQ(receive(frame), expected);
}

TEST_P(InvalidSolicitation, IsDropped_BehindExtensionHeadersAndTags) {
    Router router = ipv6_router();
    router.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20};
    const auto stacked = add(router);
    become_active(stacked);
    Solicitation question = GetParam().question;
    question.link.tags = {{.id = 100, .ethertype = kEthertype8021AD}, {.id = 20}};
    question.envelope.extensions = {{.protocol = kHopByHopOptions}};
    EXPECT_EQ(receive(question.frame()), dropped(question.frame()).counting(VRRP_XDP_VR_nd_invalid, stacked));
}

TEST_P(InvalidSolicitation, ForAnotherTarget_IsTheKernelsBusiness) {
    become_active(kSlot6);
    Solicitation question = GetParam().question;
    question.target = kHostIp6;
    EXPECT_EQ(receive(question.frame()), passed(question.frame()));
}

INSTANTIATE_TEST_SUITE_P(, InvalidSolicitation, ::testing::ValuesIn(invalid_solicitations()),
                         [](const auto& invalid) { return std::string(invalid.param.name); });

using DamagedSolicitation = DualStack;

TEST_F(DamagedSolicitation, AnyFlippedBitBehindTheTarget_IsSeenByTheChecksum) {
    become_active(kSlot6);
    const Bytes whole = Solicitation{}.frame();
    constexpr std::size_t flags_at = kEthernetBytes + 40 + 4;
    constexpr std::size_t target_at = flags_at + 4;
    for (std::size_t bit = flags_at * 8; bit < whole.size() * 8; ++bit) {
        if (bit / 8 >= target_at && bit / 8 < target_at + 16) continue;  // whose would it be?
        Bytes frame = whole;
        frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ 1U << bit % 8);
        EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_nd_invalid, kSlot6)) << bit;
    }
}

TEST_F(DamagedSolicitation, TheChecksumKnowsBothAddresses_rfc4443_2_3) {
    become_active(kSlot6);
    const Solicitation question;
    const Icmpv6 icmp{.body = neighbour_body(question.target, question.options)};
    for (const Ipv6& other :
         {nd_envelope(kHostLinkLocal, kSolicitedNode), nd_envelope(kHostIp6, kAllNodes)}) {
        const Bytes frame =
            question.link.frame(kEthertypeIpv6, other.packet(icmp.message(question.envelope)));
        EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_nd_invalid, kSlot6));
    }
}

/// The packet ends inside its option, the frame does not.
TEST_F(DamagedSolicitation, WhatLiesBehindThePacket_IsNoPartOfIt) {
    become_active(kSlot6);
    Solicitation question{.options = with_length(kSource, 2)};
    Bytes frame = question.frame();
    frame.resize(frame.size() + 64);
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_nd_invalid, kSlot6));
}

}  // namespace
}  // namespace vrrp_xdp::test

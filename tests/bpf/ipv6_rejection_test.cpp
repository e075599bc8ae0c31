// SPDX-License-Identifier: BSD-2-Clause
// Advertisements over IPv6 that break a rule of RFC 9568 section 7.1, as advertisement_rejection_test.cpp has
// them over IPv4.
#include "data_plane.hpp"
#include "fault.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr std::uint8_t kOurs = 10;
constexpr std::uint8_t kForeign = 99;

struct Draft {
    Ipv6 envelope = advertisement_envelope6();
    Vrrp vrrp;

    Bytes frame() const { return advertisement6(vrrp, envelope); }
};

Draft version3(std::uint8_t vrid) {
    return {.vrrp = {.vrid = vrid, .addresses = {kVirtualLinkLocal, kVirtualIp6}}};
}

/// Any two go together; for that a message is too long, not too short.
const Fault<Draft> kFaults[] = {
    {"SourceAddress", VRRP_XDP_VR_source_address_errors,
     [](Draft& draft) { draft.envelope.source = kUnspecified; }},
    {"HopLimit", VRRP_XDP_VR_ip_ttl_errors, [](Draft& draft) { draft.envelope.hop_limit = 254; }},
    {"Version", VRRP_XDP_VR_version_errors, [](Draft& draft) { draft.vrrp.version = 2; }},
    {"Type", VRRP_XDP_VR_invalid_type_pkts_rcvd, [](Draft& draft) { draft.vrrp.type = 2; }},
    {"Length", VRRP_XDP_VR_packet_length_errors,
     [](Draft& draft) { draft.vrrp.tail = Bytes(VRRP_XDP_MESSAGE_MAX); }},
    {"Checksum", VRRP_XDP_VR_checksum_errors, [](Draft& draft) { draft.vrrp.checksum_error = 0x0100; }},
    {"AddressCount", VRRP_XDP_VR_address_count_errors, [](Draft& draft) { draft.vrrp.addresses.clear(); }},
    {"FirstAddress", VRRP_XDP_VR_first_address_errors,
     [](Draft& draft) { std::ranges::fill(draft.vrrp.addresses, kVirtualIp6); }},
    {"ZeroInterval", VRRP_XDP_VR_zero_interval_errors, [](Draft& draft) { draft.vrrp.interval = 0; }},
};

class Rejection6 : public DualStack, public ::testing::WithParamInterface<PairOfFaults<Draft>> {
  protected:
    static Bytes spoilt(std::uint8_t vrid) {
        Draft draft = version3(vrid);
        std::get<0>(GetParam()).spoil(draft);
        std::get<1>(GetParam()).spoil(draft);
        return draft.frame();
    }
};

TEST_P(Rejection6, IsCountedByTheFirstRuleBroken_rfc9568_7_1) {
    const Bytes frame = spoilt(kOurs);
    EXPECT_EQ(receive(frame), dropped(frame).counting(std::get<0>(GetParam()).counter, kSlot6));
}

TEST_P(Rejection6, OfAForeignVrid_IsCountedOnThePort_AndPassed) {
    const Bytes frame = spoilt(kForeign);
    EXPECT_EQ(receive(frame), rejected_as_foreign(frame, std::get<0>(GetParam()).counter));
}

INSTANTIATE_TEST_SUITE_P(, Rejection6, ::testing::ValuesIn(pairs_of<Draft>(kFaults)), name_of_pair<Draft>);

/// One fault at a time where IPv6 has its own shape of it.
class RejectionOverIpv6 : public DualStack {
  protected:
    void expect_rejected(vrrp_xdp_vr_counter counter, const Vrrp& vrrp) {
        const Bytes frame = advertisement6(vrrp);
        EXPECT_EQ(receive(frame), dropped(frame).counting(counter, kSlot6));
    }
};

TEST_F(RejectionOverIpv6, SourceAddress_ThatNobodyMayHave_rfc4291_2_5_and_2_7) {
    for (const char* nobody : {"::", "::1", "ff02::12", "ff00::"}) {
        Draft draft = version3(kOurs);
        draft.envelope.source = ip(nobody);
        EXPECT_EQ(receive(draft.frame()),
                  dropped(draft.frame()).counting(VRRP_XDP_VR_source_address_errors, kSlot6))
            << nobody;
    }
    Draft draft = version3(kOurs);
    draft.envelope.source = ip("fe80::1");
    EXPECT_EQ(receive(draft.frame()), consumed(draft.frame(), kSlot6));
}

TEST_F(RejectionOverIpv6, HopLimit_AnyOtherThan255_rfc9568_5_1_2_3) {
    for (const std::uint8_t hop_limit : Bytes{0, 1, 64, 128, 254}) {
        Draft draft = version3(kOurs);
        draft.envelope.hop_limit = hop_limit;
        EXPECT_EQ(receive(draft.frame()), dropped(draft.frame()).counting(VRRP_XDP_VR_ip_ttl_errors, kSlot6));
    }
}

TEST_F(RejectionOverIpv6, Version_AnyOtherThan3_rfc9568_5_2_1) {
    for (const std::uint8_t version : Bytes{0, 1, 2, 4, 15})
        expect_rejected(VRRP_XDP_VR_version_errors, {.version = version, .addresses = {kVirtualLinkLocal}});
    const Vrrp version2{.version = 2, .interval = 1, .addresses = {kVirtualLinkLocal}, .tail = Bytes(8)};
    expect_rejected(VRRP_XDP_VR_version_errors, version2);
    const Bytes as_over_ipv4 = advertisement6(version2.message());
    EXPECT_EQ(receive(as_over_ipv4), dropped(as_over_ipv4).counting(VRRP_XDP_VR_version_errors, kSlot6));
    Vrrp foreign = version2;
    foreign.vrid = kForeign;
    const Bytes frame = advertisement6(foreign);
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_version_errors));
}

TEST_F(RejectionOverIpv6, Length_ShorterThanTheAddressesAnnounced_rfc9568_7_1) {
    for (const std::uint8_t count : Bytes{2, 90, 91, 255})
        expect_rejected(VRRP_XDP_VR_packet_length_errors,
                        {.addresses = {kVirtualLinkLocal}, .address_count = count});
    for (std::size_t there = 1; there < 16; ++there)
        expect_rejected(
            VRRP_XDP_VR_packet_length_errors,
            {.addresses = {kVirtualLinkLocal}, .address_count = std::uint8_t{2}, .tail = Bytes(there)});
}

TEST_F(RejectionOverIpv6, Length_IsThatOfThePacket_NotOfTheFrame) {
    const Vrrp vrrp{.addresses = {kVirtualLinkLocal}, .address_count = std::uint8_t{2}};
    Bytes frame = advertisement6(vrrp);
    frame.resize(frame.size() + 64);
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_packet_length_errors, kSlot6));
}

/// The 91st makes the packet longer than 1500 bytes.
TEST_F(RejectionOverIpv6, Length_MoreThan90Addresses) {
    expect_rejected(VRRP_XDP_VR_packet_length_errors, {.addresses = std::vector(91, kVirtualLinkLocal)});
}

TEST_F(RejectionOverIpv6, Checksum_OverTheMessageAlone_rfc9568_5_2_8) {
    const Bytes frame = advertisement6(version3(kOurs).vrrp.message());
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_checksum_errors, kSlot6));
}

TEST_F(RejectionOverIpv6, Checksum_WithThePseudoHeaderOfAnotherPacket_rfc8200_8_1) {
    Ipv6 from_elsewhere = advertisement_envelope6();
    from_elsewhere.source = kHostLinkLocal;
    Ipv6 other_protocol = advertisement_envelope6();
    other_protocol.protocol = kProtocolIcmpv6;
    for (const Ipv6& other : {from_elsewhere, other_protocol}) {
        const Bytes frame = advertisement6(version3(kOurs).vrrp.message_summed_with(other));
        EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_checksum_errors, kSlot6));
    }
}

TEST_F(RejectionOverIpv6, Checksum_AnyBitOfTheMessage_rfc9568_5_2_8) {
    const Bytes message = version3(kOurs).vrrp.message_summed_with(advertisement_envelope6());
    constexpr std::size_t priority_at = 2;  // what comes before is judged before, or is the VRID
    for (std::size_t bit = priority_at * 8; bit < message.size() * 8; ++bit) {
        if (bit / 8 == 3) continue;  // the count, whose upper bits are a fault of length
        Bytes flipped = message;
        flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1U << bit % 8);
        const Bytes frame = advertisement6(flipped);
        EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_checksum_errors, kSlot6)) << bit;
    }
}

TEST_F(RejectionOverIpv6, FirstAddress_OutsideOfFe80_10_erratum8300) {
    for (const char* first : {"2001:db8::fe", "fe7f:ffff::1", "fec0::1", "ff02::12", "::", "7e80::1"})
        expect_rejected(VRRP_XDP_VR_first_address_errors, {.addresses = {ip(first), kVirtualLinkLocal}});
}

TEST_F(RejectionOverIpv6, Interval_Zero_WhateverTheReservedBits_erratum8301) {
    for (const std::uint16_t interval : std::initializer_list<std::uint16_t>{0, 0xf000})
        expect_rejected(VRRP_XDP_VR_zero_interval_errors,
                        {.interval = interval, .addresses = {kVirtualLinkLocal}});
}

TEST_F(RejectionOverIpv6, Valid_ButOfAForeignVrid_rfc9568_7_1) {
    const Bytes frame = version3(kForeign).frame();
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_vrid_errors));
}

/// Too short to be sure of a VRID, so nobody's.
TEST_F(RejectionOverIpv6, MessageWithoutAWholeHeader_IsCountedOnThePort_AndPassed) {
    const Bytes message = version3(kOurs).vrrp.message_summed_with(advertisement_envelope6());
    for (std::ptrdiff_t bytes = 0; bytes < 8; ++bytes) {
        const Bytes frame = advertisement6(Bytes(message.begin(), message.begin() + bytes));
        EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_packet_length_errors)) << bytes;
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// Advertisements that break a rule of RFC 9568 section 7.1: the first rule broken is the one that is counted.
// For a VRID of ours they are dropped; those of other people pass, and are counted on the port. None leaves a
// stamp: the controller's timers go by those.
#include <functional>

#include "data_plane.hpp"
#include "fault.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr std::uint8_t kOurs = 10;
constexpr std::uint8_t kForeign = 99;

/// A packet to be spoilt.
struct Draft {
    Ipv4 envelope;
    Vrrp vrrp;

    Bytes frame() const { return advertisement(vrrp.message(), envelope); }
};

Draft version2(std::uint8_t vrid) {
    return {.envelope = advertisement_envelope(),
            .vrrp = {.version = 2, .vrid = vrid, .interval = 1, .addresses = {kVirtualIp}, .tail = Bytes(8)}};
}

Draft version3(std::uint8_t vrid) {
    return {.envelope = advertisement_envelope(), .vrrp = {.vrid = vrid, .addresses = {kVirtualIp}}};
}

/// In the order in which the rules are asked. In version 2, whose authentication data is there to be cut off,
/// any two go together.
const Fault<Draft> kFaults[] = {
    {"SourceAddress", VRRP_XDP_VR_source_address_errors,
     [](Draft& draft) { draft.envelope.source = kNoAddress; }},
    {"Ttl", VRRP_XDP_VR_ip_ttl_errors, [](Draft& draft) { draft.envelope.ttl = 254; }},
    {"Version", VRRP_XDP_VR_version_errors, [](Draft& draft) { draft.vrrp.version = 1; }},
    {"Type", VRRP_XDP_VR_invalid_type_pkts_rcvd, [](Draft& draft) { draft.vrrp.type = 2; }},
    {"Length", VRRP_XDP_VR_packet_length_errors, [](Draft& draft) { draft.vrrp.tail = Bytes(7); }},
    {"Checksum", VRRP_XDP_VR_checksum_errors, [](Draft& draft) { draft.vrrp.checksum_error = 0x0100; }},
    {"Authentication", VRRP_XDP_VR_authentication_errors,
     [](Draft& draft) { draft.vrrp.interval |= 0x0100; }},
    {"AddressCount", VRRP_XDP_VR_address_count_errors, [](Draft& draft) { draft.vrrp.addresses.clear(); }},
    {"ZeroInterval", VRRP_XDP_VR_zero_interval_errors, [](Draft& draft) { draft.vrrp.interval &= 0xff00; }},
};

class Rejection : public DataPlane, public ::testing::WithParamInterface<PairOfFaults<Draft>> {
  protected:
    Rejection() { add({.vrid = kOurs2, .addresses = {}, .versions = kVersion2}); }
    static constexpr std::uint8_t kOurs2 = 20;

    static Bytes spoilt(std::uint8_t vrid) {
        Draft draft = version2(vrid);
        std::get<0>(GetParam()).spoil(draft);
        std::get<1>(GetParam()).spoil(draft);
        return draft.frame();
    }
};

TEST_P(Rejection, IsCountedByTheFirstRuleBroken_rfc9568_7_1) {
    const Bytes frame = spoilt(kOurs2);
    EXPECT_EQ(receive(frame), dropped(frame).counting(std::get<0>(GetParam()).counter, 1));
}

TEST_P(Rejection, OfAForeignVrid_IsCountedOnThePort_AndPassed) {
    const Bytes frame = spoilt(kForeign);
    EXPECT_EQ(receive(frame), rejected_as_foreign(frame, std::get<0>(GetParam()).counter));
}

INSTANTIATE_TEST_SUITE_P(, Rejection, ::testing::ValuesIn(pairs_of<Draft>(kFaults)), name_of_pair<Draft>);

/// One fault at a time where version 3 has its own shape of it.
class RejectionV3 : public DataPlane {
  protected:
    void expect_rejected(vrrp_xdp_vr_counter counter, const std::function<void(Draft&)>& spoil) {
        Draft ours = version3(kOurs);
        spoil(ours);
        EXPECT_EQ(receive(ours.frame()), dropped(ours.frame()).counting(counter));
        Draft foreign = version3(kForeign);
        spoil(foreign);
        EXPECT_EQ(receive(foreign.frame()), rejected_as_foreign(foreign.frame(), counter));
    }
};

TEST_F(RejectionV3, SourceAddress_ThatNobodyMayHave_rfc1122_3_2_1_3_rfc1812_5_3_7) {
    for (const char* nobody :
         {"0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "224.0.0.18", "239.1.2.3", "255.255.255.255"})
        expect_rejected(VRRP_XDP_VR_source_address_errors,
                        [=](Draft& draft) { draft.envelope.source = ip(nobody); });
}

TEST_F(RejectionV3, SourceAddress_NextToThoseThatNobodyMayHave_IsHeard) {
    for (const char* somebody :
         {"1.0.0.0", "126.255.255.255", "128.0.0.0", "223.255.255.255", "240.0.0.1", "255.255.255.254"}) {
        Draft draft = version3(kOurs);
        draft.envelope.source = ip(somebody);
        EXPECT_EQ(receive(draft.frame()), consumed(draft.frame())) << somebody;
    }
}

TEST_F(RejectionV3, Ttl_AnyOtherThan255_rfc9568_5_1_1_3) {
    for (const std::uint8_t ttl : Bytes{0, 1, 64, 128, 254})
        expect_rejected(VRRP_XDP_VR_ip_ttl_errors, [=](Draft& draft) { draft.envelope.ttl = ttl; });
}

TEST_F(RejectionV3, Version_Unknown_rfc9568_7_1) {
    for (const std::uint8_t version : Bytes{0, 1, 4, 8, 15})
        expect_rejected(VRRP_XDP_VR_version_errors, [=](Draft& draft) { draft.vrrp.version = version; });
}

TEST_F(RejectionV3, Type_AnyOtherThan1_rfc9568_5_2_2) {
    for (const std::uint8_t type : Bytes{0, 2, 15})
        expect_rejected(VRRP_XDP_VR_invalid_type_pkts_rcvd, [=](Draft& draft) { draft.vrrp.type = type; });
}

TEST_F(RejectionV3, Length_ShorterThanTheAddressesAnnounced_rfc9568_7_1) {
    for (const std::uint8_t count : Bytes{2, 3, 255})
        expect_rejected(VRRP_XDP_VR_packet_length_errors,
                        [=](Draft& draft) { draft.vrrp.address_count = count; });
}

TEST_F(RejectionV3, Length_EndsInsideAnAddress_rfc9568_7_1) {
    for (const std::size_t there : {1U, 2U, 3U})
        expect_rejected(VRRP_XDP_VR_packet_length_errors, [=](Draft& draft) {
            draft.vrrp.tail = Bytes(there);
            draft.vrrp.address_count = 2;
        });
}

/// Padding of the frame cannot make up for what the packet lacks.
TEST_F(RejectionV3, Length_IsThatOfThePacket_NotOfTheFrame) {
    Draft draft = version3(kOurs);
    draft.vrrp.address_count = 2;
    const Bytes frame = padded(draft.frame());
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_packet_length_errors));
}

TEST_F(RejectionV3, Length_LongerThanAnyMessage) {
    expect_rejected(VRRP_XDP_VR_packet_length_errors,
                    [](Draft& draft) { draft.vrrp.tail = Bytes(VRRP_XDP_MESSAGE_MAX - 12 + 1); });
}

/// The header is there to be read, however long the message is.
TEST_F(RejectionV3, Length_LongerThanAnyMessage_IsAskedBehindVersionAndType) {
    const auto lengthen = [](Draft& draft) { draft.vrrp.tail = Bytes(VRRP_XDP_MESSAGE_MAX); };
    expect_rejected(VRRP_XDP_VR_version_errors, [=](Draft& draft) {
        lengthen(draft);
        draft.vrrp.version = 4;
    });
    expect_rejected(VRRP_XDP_VR_invalid_type_pkts_rcvd, [=](Draft& draft) {
        lengthen(draft);
        draft.vrrp.type = 2;
    });
    expect_rejected(VRRP_XDP_VR_packet_length_errors, [=](Draft& draft) {
        lengthen(draft);
        draft.vrrp.checksum_error = 1;
    });
}

TEST_F(RejectionV3, Checksum_AnyBitOfTheMessage_rfc9568_5_2_8) {
    const Bytes message = version3(kOurs).vrrp.message();
    constexpr std::size_t priority_at = 2;  // what comes before is judged before, or is the VRID
    for (std::size_t bit = priority_at * 8; bit < message.size() * 8; ++bit) {
        if (bit / 8 == 3) continue;  // the count, whose upper bits are a fault of length
        Bytes flipped = message;
        flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1U << bit % 8);
        const Bytes frame = advertisement(flipped);
        EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_checksum_errors)) << "bit " << bit;
    }
}

TEST_F(RejectionV3, Checksum_WithThePseudoHeaderOfAnotherSource_rfc9568_5_2_8) {
    Ipv4 translated = advertisement_envelope();
    translated.source = kHostIp;
    const Bytes frame = advertisement(version3(kOurs).vrrp.message_summed_with(translated));
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_checksum_errors));
}

TEST_F(RejectionV3, Count_Zero_erratum8299) {
    expect_rejected(VRRP_XDP_VR_address_count_errors, [](Draft& draft) { draft.vrrp.addresses.clear(); });
}

TEST_F(RejectionV3, Interval_Zero_WhateverTheReservedBits_erratum8301) {
    for (const std::uint16_t interval : std::initializer_list<std::uint16_t>{0, 0xf000})
        expect_rejected(VRRP_XDP_VR_zero_interval_errors,
                        [=](Draft& draft) { draft.vrrp.interval = interval; });
}

TEST_F(RejectionV3, Valid_ButOfAForeignVrid_rfc9568_7_1) {
    const Bytes frame = version3(kForeign).frame();
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_vrid_errors));
    const Bytes older = version2(kForeign).frame();
    EXPECT_EQ(receive(older), passed(older).counting(VRRP_XDP_PORT_vrid_errors));
}

using RejectionV2 = DataPlane;

TEST_F(RejectionV2, Authentication_AnyOtherThanNone_rfc3768_5_3_6) {
    add({.vrid = 20, .addresses = {}, .versions = kVersion2});
    for (const std::uint16_t type : std::initializer_list<std::uint16_t>{1, 2, 255}) {
        Draft draft = version2(20);
        draft.vrrp.interval = static_cast<std::uint16_t>(type << 8 | 1);
        EXPECT_EQ(receive(draft.frame()),
                  dropped(draft.frame()).counting(VRRP_XDP_VR_authentication_errors, 1));
    }
}

TEST_F(RejectionV2, Authentication_AnyOtherThanTheConfiguredText_rfc2338_10_2) {
    constexpr protocol::SharedSecret secret{'s', 'e', 'c', 'r', 'e', 't'};
    add({.vrid = 20, .addresses = {}, .versions = kVersion2, .secret = secret});
    Draft good = version2(20);
    good.vrrp.interval = VRRP_XDP_SIMPLE_TEXT << 8 | 1;
    good.vrrp.tail.assign(secret.begin(), secret.end());
    const auto expect_refused = [&](const std::function<void(Draft&)>& spoil) {
        Draft draft = good;
        spoil(draft);
        EXPECT_EQ(receive(draft.frame()),
                  dropped(draft.frame()).counting(VRRP_XDP_VR_authentication_errors, 1));
    };
    for (std::size_t byte = 0; byte < secret.size(); ++byte)
        expect_refused([=](Draft& draft) { draft.vrrp.tail[byte] ^= 1; });
    for (const int type : {0, 2, 255})
        expect_refused(
            [=](Draft& draft) { draft.vrrp.interval = static_cast<std::uint16_t>(type << 8 | 1); });
    // What stands between the addresses and the end is judged, wherever that is.
    expect_refused([](Draft& draft) {
        draft.vrrp.addresses.push_back(kVirtualIp);
        draft.vrrp.tail[7] = 1;
    });

    for (const std::size_t addresses : {1U, 3U, 255U}) {
        Draft draft = good;
        draft.vrrp.addresses.assign(addresses, kVirtualIp);
        EXPECT_EQ(receive(draft.frame()), consumed(draft.frame(), 1)) << addresses;
    }
}

TEST_F(RejectionV2, ZeroInterval_BehindAnyAuthenticationType_erratum8301) {
    add({.vrid = 20, .addresses = {}, .versions = kVersion2, .secret = protocol::SharedSecret{}});
    Draft draft = version2(20);
    draft.vrrp.interval = VRRP_XDP_SIMPLE_TEXT << 8;
    EXPECT_EQ(receive(draft.frame()), dropped(draft.frame()).counting(VRRP_XDP_VR_zero_interval_errors, 1));
}

TEST_F(RejectionV2, Checksum_WithPseudoHeader_rfc3768_5_3_8) {
    add({.vrid = 20, .addresses = {}, .versions = kVersion2});
    const Draft draft = version2(20);
    const Bytes frame = advertisement(draft.vrrp.message_summed_with(draft.envelope));
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_checksum_errors, 1));
}

using RejectionAny = DataPlane;

TEST_F(RejectionAny, VersionThatTheVirtualRouterDoesNotSpeak_rfc9568_7_1) {
    const auto slot2 = add({.vrid = 20, .addresses = {}, .versions = kVersion2});
    const Bytes v2_to_v3 = version2(kOurs).frame();
    EXPECT_EQ(receive(v2_to_v3), dropped(v2_to_v3).counting(VRRP_XDP_VR_version_errors));
    const Bytes v3_to_v2 = version3(20).frame();
    EXPECT_EQ(receive(v3_to_v2), dropped(v3_to_v2).counting(VRRP_XDP_VR_version_errors, slot2));
}

/// Too short to be sure of a VRID, so nobody's.
TEST_F(RejectionAny, MessageWithoutAWholeHeader_IsCountedOnThePort_AndPassed) {
    const Bytes message = version3(kOurs).vrrp.message();
    for (std::ptrdiff_t bytes = 0; bytes < 8; ++bytes) {
        const Bytes frame = padded(advertisement(Bytes(message.begin(), message.begin() + bytes)));
        EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_packet_length_errors)) << bytes;
    }
    Ipv4 forwarded = advertisement_envelope();
    forwarded.ttl = 254;
    const Bytes frame = advertisement({}, forwarded);
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_ip_ttl_errors));
}

}  // namespace
}  // namespace vrrp_xdp::test

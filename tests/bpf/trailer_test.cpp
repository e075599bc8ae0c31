// SPDX-License-Identifier: BSD-2-Clause
// Bytes behind the message of an advertisement: one rule for all versions and families. A signature as
// keepalived 2.4.2 and later append it (draft-cassen-vrrp-auth-hmac) is told from anything else.
#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr std::uint8_t kVrid2 = 20;
constexpr std::uint8_t kStrict = 30;

Bytes signature(std::uint8_t counter = 1, std::uint8_t key = 1) {
    Bytes bytes{1,    key,  0, 0,        // HMAC, key, reserved
                0x69, 0x29, 0, counter,  // seconds
                0x80, 0,    0, counter};
    bytes.resize(28, static_cast<std::uint8_t>(0xa0 + counter));  // the digest
    return bytes;
}

/// An advertisement of the peer, and what lies behind its message.
struct Signed {
    const char* name;
    vrrp_xdp_family family;
    std::uint8_t version;
    bool covers_trailer;  ///< the checksum
    bool pseudo_header;   ///< the same

    Vrrp vrrp(std::uint8_t vrid) const {
        Vrrp vrrp{.version = version, .vrid = vrid, .interval = 100, .addresses = {kVirtualIp}};
        if (version == 2) vrrp.interval = 1;
        if (version == 2) vrrp.tail = Bytes(8);
        if (family == VRRP_XDP_IPV6) vrrp.addresses = {kVirtualLinkLocal};
        return vrrp;
    }
    Bytes frame(const Bytes& trailer, std::uint8_t vrid, std::uint16_t checksum_error = 0) const {
        Vrrp draft = vrrp(vrid);
        draft.checksum_error = checksum_error;
        if (covers_trailer) draft.tail = joined(draft.tail, trailer);
        const Bytes message = !pseudo_header ? draft.message()
                              : family == VRRP_XDP_IPV4
                                  ? draft.message_summed_with(advertisement_envelope())
                                  : draft.message_summed_with(advertisement_envelope6());
        const Bytes payload = covers_trailer ? message : joined(message, trailer);
        return family == VRRP_XDP_IPV4 ? advertisement(payload) : advertisement6(payload);
    }
};

void PrintTo(const Signed& peer, std::ostream* out) { *out << peer.name; }

class Trailer : public DataPlane, public ::testing::WithParamInterface<Signed> {
  protected:
    Trailer() {
        const Signed& peer = GetParam();
        const auto versions = static_cast<std::uint8_t>(VRRP_XDP_VERSION_BIT(peer.version));
        slot_ = add({.vrid = kVrid2, .addresses = {}, .versions = versions, .family = peer.family});
        strict_ = add({.vrid = kStrict,
                       .addresses = {},
                       .versions = versions,
                       .flags = VRRP_XDP_REFUSES_SIGNED,
                       .family = peer.family});
    }

    Bytes frame(const Bytes& trailer, std::uint8_t vrid = kVrid2, std::uint16_t error = 0) const {
        return GetParam().frame(trailer, vrid, error);
    }
    IpAddress source() const { return GetParam().family == VRRP_XDP_IPV4 ? kPeerIp : kPeerLinkLocal; }

    std::uint32_t slot_;
    std::uint32_t strict_;
};

TEST_P(Trailer, ThatIsASignature_IsFollowedLikeNone_AndCounted) {
    const Bytes ours = frame(signature());
    EXPECT_EQ(receive(ours), consumed(ours, slot_).counting(VRRP_XDP_VR_signed_rcvd, slot_));
}

TEST_P(Trailer, ThatIsASignature_IsRefused_WhereTheOperatorSaysSo) {
    const Bytes signed_frame = frame(signature(), kStrict);
    EXPECT_EQ(receive(signed_frame), dropped(signed_frame).counting(VRRP_XDP_VR_signed_errors, strict_));
    const Bytes unsigned_frame = frame({}, kStrict);
    EXPECT_EQ(receive(unsigned_frame), consumed(unsigned_frame, strict_));
}

TEST_P(Trailer, ThatIsNoSignature_IsNotRead_AndCounted_rfc9568_7_1) {
    Bytes other_type = signature();
    other_type[0] = 2;
    Bytes reserved = signature();
    reserved[3] = 1;
    Bytes longer = signature();
    longer.resize(32);
    for (const Bytes& trailer : {Bytes(4), Bytes(64, 7), other_type, reserved, longer})
        for (const std::uint8_t vrid : {kVrid2, kStrict}) {
            const auto slot = vrid == kVrid2 ? slot_ : strict_;
            const Bytes ours = frame(trailer, vrid);
            EXPECT_EQ(receive(ours), consumed(ours, slot).counting(VRRP_XDP_VR_trailing_bytes, slot));
        }
}

TEST_P(Trailer, BehindAMessageWithAWrongChecksum_DoesNotMakeItRight_rfc9568_7_1) {
    const Bytes ours = frame(signature(), kVrid2, 0x0100);
    EXPECT_EQ(receive(ours), dropped(ours).counting(VRRP_XDP_VR_checksum_errors, slot_));
}

/// Time and counter of a signature are never the same twice: the ring is not for that.
TEST_P(Trailer, OfTheFollowedAdvertisement_ThatChangesEachTime_IsSteadyState) {
    receive(frame(signature(1)));
    ASSERT_EQ(events().size(), 1U);
    expect_advertisement(source(), events()[0].message(), 0, slot_);
    for (const std::uint8_t counter : Bytes{2, 3}) {
        const Bytes next = frame(signature(counter));
        EXPECT_EQ(receive(next), steady(next, slot_).counting(VRRP_XDP_VR_signed_rcvd, slot_));
    }
    const Bytes without = frame({});
    EXPECT_EQ(receive(without), consumed(without, slot_));
}

TEST_P(Trailer, OfAnotherAdvertisement_IsNoSteadyState) {
    receive(frame(signature(1)));
    ASSERT_EQ(events().size(), 1U);
    expect_advertisement(source(), events()[0].message(), 0, slot_);
    const Bytes longer = frame(joined(signature(2), Bytes(4)));
    EXPECT_EQ(receive(longer), consumed(longer, slot_).counting(VRRP_XDP_VR_trailing_bytes, slot_));
}

INSTANTIATE_TEST_SUITE_P(, Trailer,
                         ::testing::Values(Signed{"Version3AsKeepalived", VRRP_XDP_IPV4, 3, false, true},
                                           Signed{"Version3MessageAlone", VRRP_XDP_IPV4, 3, false, false},
                                           Signed{"Version3AllOfIt", VRRP_XDP_IPV4, 3, true, true},
                                           Signed{"Version2AsKeepalived", VRRP_XDP_IPV4, 2, false, false},
                                           Signed{"Version2AllOfIt", VRRP_XDP_IPV4, 2, true, false},
                                           Signed{"Ipv6AsTheKernel", VRRP_XDP_IPV6, 3, true, true},
                                           Signed{"Ipv6MessageAlone", VRRP_XDP_IPV6, 3, false, true}),
                         [](const auto& peer) { return std::string(peer.param.name); });

}  // namespace
}  // namespace vrrp_xdp::test

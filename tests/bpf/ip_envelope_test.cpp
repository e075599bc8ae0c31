// SPDX-License-Identifier: BSD-2-Clause
// Packets around VRRP messages that IP itself would not take, or that are not VRRP's at all, are no business
// of ours, whatever is inside.
#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

class IpEnvelope : public DataPlane {
  protected:
    IpEnvelope() { become_active(); }

    static Bytes frame_in(void (*change)(Ipv4&)) {
        Ipv4 envelope = advertisement_envelope();
        change(envelope);
        return advertisement(kMessage, envelope);
    }

    void expect_untouched(const Bytes& frame) { EXPECT_EQ(receive(frame), passed(frame)); }

    static inline const Bytes kMessage = Vrrp{.addresses = {kVirtualIp}}.message();
};

TEST_F(IpEnvelope, FirstFragment_IsCountedOnThePort_AndPassed) {
    const Bytes frame = frame_in([](Ipv4& envelope) { envelope.fragment = kMoreFragments; });
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_fragments));
}

TEST_F(IpEnvelope, LaterFragment_IsCountedOnThePort_AndPassed) {
    for (const Bytes& frame : {frame_in([](Ipv4& envelope) { envelope.fragment = 1; }),
                               frame_in([](Ipv4& envelope) { envelope.fragment = 0x1fff; }),
                               frame_in([](Ipv4& envelope) { envelope.fragment = kMoreFragments | 0x100; })})
        EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_fragments));
}

TEST_F(IpEnvelope, Fragment_IsNotJudgedAsAMessage) {
    Ipv4 envelope = advertisement_envelope();
    envelope.fragment = kMoreFragments;
    envelope.ttl = 1;
    const Bytes frame = advertisement(Bytes(3), envelope);
    EXPECT_EQ(receive(frame), passed(frame).counting(VRRP_XDP_PORT_fragments));
}

TEST_F(IpEnvelope, HeaderLengthBelowFiveWords_IsUntouched_rfc791_3_1) {
    for (std::uint8_t ihl = 0; ihl < 5; ++ihl) {
        Ipv4 envelope = advertisement_envelope();
        envelope.ihl = ihl;
        expect_untouched(advertisement(kMessage, envelope));
    }
}

TEST_F(IpEnvelope, HeaderLongerThanThePacket_IsUntouched) {
    expect_untouched(frame_in([](Ipv4& envelope) { envelope.ihl = 15; }));
}

TEST_F(IpEnvelope, TotalLengthBeyondTheFrame_IsUntouched) {
    const auto whole = static_cast<std::uint16_t>(20 + kMessage.size());
    for (const int beyond : {whole + 1, whole + 1000, 0xffff}) {
        Ipv4 envelope = advertisement_envelope();
        envelope.total_length = static_cast<std::uint16_t>(beyond);
        expect_untouched(advertisement(kMessage, envelope));
    }
}

TEST_F(IpEnvelope, TotalLengthBelowTheHeader_IsUntouched) {
    expect_untouched(frame_in([](Ipv4& envelope) { envelope.total_length = 0; }));
    expect_untouched(frame_in([](Ipv4& envelope) { envelope.total_length = 19; }));
    expect_untouched(frame_in([](Ipv4& envelope) {
        envelope.options = Bytes(8, 1);
        envelope.total_length = 27;
    }));
}

/// A length that ran below 0 would find bytes enough here.
TEST_F(IpEnvelope, TotalLengthBelowTheHeader_IsUntouched_InALongFrame) {
    Ipv4 envelope = advertisement_envelope();
    envelope.total_length = 19;
    Bytes message = kMessage;
    message.resize(VRRP_XDP_MESSAGE_MAX + 100);
    expect_untouched(advertisement(message, envelope));
}

TEST_F(IpEnvelope, FrameThatEndsInside_IsUntouched) {
    const Bytes whole = advertisement(kMessage);
    for (std::size_t bytes = kEthernetBytes; bytes < whole.size(); ++bytes)
        expect_untouched(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes)));
}

TEST_F(IpEnvelope, BadHeaderChecksum_IsUntouched_rfc1812_5_2_2) {
    expect_untouched(frame_in([](Ipv4& envelope) { envelope.checksum_error = 1; }));
    expect_untouched(frame_in([](Ipv4& envelope) {
        envelope.options = Bytes(40, 1);
        envelope.checksum_error = 0x8000;
    }));
}

TEST_F(IpEnvelope, VersionOtherThan4_IsUntouched) {
    expect_untouched(frame_in([](Ipv4& envelope) { envelope.version = 6; }));
    expect_untouched(frame_in([](Ipv4& envelope) { envelope.version = 0; }));
}

TEST_F(IpEnvelope, AnotherDestination_IsUntouched_rfc9568_5_1_1_2) {
    for (const char* destination :
         {"224.0.0.19", "224.0.0.1", "192.0.2.1", "192.0.2.253", "255.255.255.255"}) {
        Ipv4 envelope = advertisement_envelope();
        envelope.destination = ip(destination);
        expect_untouched(advertisement(kMessage, envelope));
    }
}

TEST_F(IpEnvelope, AnotherProtocol_IsUntouched_rfc9568_5_1_1_4) {
    for (const std::uint8_t protocol : Bytes{0, 1, 2, 6, 17, 51, 111, 113, 255}) {
        Ipv4 envelope = advertisement_envelope();
        envelope.protocol = protocol;
        expect_untouched(advertisement(kMessage, envelope));
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

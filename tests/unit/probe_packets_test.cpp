// SPDX-License-Identifier: BSD-2-Clause
#include <gmock/gmock.h>

#include "probe/packets.hpp"

namespace vrrp_xdp::probe {
namespace {

using net::Frame;
using protocol::IpAddress;
using protocol::MacAddress;
using ::testing::ElementsAreArray;

const MacAddress kHost{{2, 0, 0, 0, 0, 0x64}};
const MacAddress kRouter{{0, 0, 0x5e, 0, 1, 0x0a}};
const IpAddress kGateway = *IpAddress::parse("192.0.2.254");
const IpAddress kGateway6 = *IpAddress::parse("fe80::a");
const Asker kAsker{kHost, *IpAddress::parse("192.0.2.100")};
const Asker kAsker6{kHost, *IpAddress::parse("fe80::64")};

/// The ones' complement sum of what is right is all ones (RFC 1071 §1).
std::uint32_t folded(std::span<const std::uint8_t> bytes, std::uint32_t sum = 0) {
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

/// ICMPv6 in a frame: addresses, length and protocol count (RFC 8200 §8.1).
std::uint32_t folded_icmpv6(std::span<const std::uint8_t> frame) {
    const auto message = frame.subspan(54);
    return folded(message, folded(frame.subspan(22, 32), static_cast<std::uint32_t>(message.size()) + 58));
}

/// As a router would send it back, of addresses without checksums.
Frame turned_around(Frame frame, std::size_t addresses, std::size_t bytes) {
    std::swap_ranges(frame.begin(), frame.begin() + 6, frame.begin() + 6);
    const auto first = frame.begin() + static_cast<std::ptrdiff_t>(addresses);
    std::swap_ranges(first, first + static_cast<std::ptrdiff_t>(bytes),
                     first + static_cast<std::ptrdiff_t>(bytes));
    return frame;
}

Frame arp_reply(const MacAddress& by) {
    Frame frame = neighbour_question(kAsker, kGateway);
    frame[21] = 2;
    std::copy(by.bytes.begin(), by.bytes.end(), frame.begin() + 22);
    std::ranges::copy(kGateway.bytes(), frame.begin() + 28);
    return frame;
}

TEST(ProbePackets, ArpRequest_AsksAllForTheGateway_rfc826) {
    EXPECT_THAT(neighbour_question(kAsker, kGateway),
                ElementsAreArray({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,   0x64, 8, 6,
                                  0,    1,    8,    0,    6,    4,    0, 1, 2, 0, 0,   0,    0, 0x64,
                                  192,  0,    2,    100,  0,    0,    0, 0, 0, 0, 192, 0,    2, 254}));
}

TEST(ProbePackets, Solicitation_IsToTheSolicitedNodeGroup_WithARightChecksum_rfc4861_4_3) {
    const Frame frame = neighbour_question(kAsker6, kGateway6);
    ASSERT_EQ(frame.size(), 86U);
    EXPECT_THAT(std::span(frame).first(6), ElementsAreArray({0x33, 0x33, 0xff, 0, 0, 0x0a}));
    EXPECT_EQ(frame[21], 255) << "hop limit";
    EXPECT_EQ(frame[54], 135);
    EXPECT_EQ(folded_icmpv6(frame), 0xffffU);
}

TEST(ProbePackets, EchoRequest_GoesToTheGatewaysMac_WithRightChecksums) {
    const Frame frame = echo_question(kAsker, kRouter, *IpAddress::parse("198.51.100.1"), 0x1234, 7);
    EXPECT_THAT(std::span(frame).first(6), ElementsAreArray(kRouter.bytes));
    EXPECT_EQ(folded(std::span(frame).subspan(14, 20)), 0xffffU);
    EXPECT_EQ(folded(std::span(frame).subspan(34)), 0xffffU);
    const Frame frame6 = echo_question(kAsker6, kRouter, *IpAddress::parse("2001:db8::1"), 0x1234, 7);
    EXPECT_EQ(folded_icmpv6(frame6), 0xffffU);
}

TEST(ProbePackets, ArpReply_TellsTheSendersMac_OfTheGatewayAlone) {
    EXPECT_EQ(neighbour_answer(arp_reply(kRouter), kGateway), kRouter);
    EXPECT_FALSE(neighbour_answer(arp_reply(kRouter), kAsker.address));
    EXPECT_FALSE(neighbour_answer(neighbour_question(kAsker, kGateway), kGateway)) << "a question";
}

TEST(ProbePackets, NeighbourAdvertisement_TellsTheOptionsMac_IfItWasSolicited_rfc4861_4_4) {
    Frame frame = neighbour_question(kAsker6, kGateway6);
    frame[54] = 136;
    frame[58] = 0xe0;
    frame[78] = 2;
    std::copy(kRouter.bytes.begin(), kRouter.bytes.end(), frame.begin() + 80);
    EXPECT_EQ(neighbour_answer(frame, kGateway6), kRouter);
    Frame without_option(frame.begin(), frame.begin() + 78);
    EXPECT_EQ(neighbour_answer(without_option, kGateway6), kHost) << "where it comes from";
    frame[58] = 0xa0;
    EXPECT_FALSE(neighbour_answer(frame, kGateway6)) << "told to all";
}

TEST(ProbePackets, EchoReply_TellsItsNumber_OfOurIdentifierAlone) {
    const IpAddress far = *IpAddress::parse("198.51.100.1");
    Frame reply = turned_around(echo_question(kAsker, kRouter, far, 0x1234, 7), 26, 4);
    EXPECT_FALSE(echo_answer(reply, far, 0x1234)) << "a request";
    reply[34] = 0;
    ASSERT_TRUE(echo_answer(reply, far, 0x1234));
    EXPECT_EQ(echo_answer(reply, far, 0x1234)->number, 7);
    EXPECT_EQ(echo_answer(reply, far, 0x1234)->from, kRouter);
    EXPECT_FALSE(echo_answer(reply, far, 0x4321));
    EXPECT_FALSE(echo_answer(reply, kGateway, 0x1234));

    const IpAddress far6 = *IpAddress::parse("2001:db8::1");
    Frame reply6 = turned_around(echo_question(kAsker6, kRouter, far6, 0x1234, 9), 22, 16);
    reply6[54] = 129;
    ASSERT_TRUE(echo_answer(reply6, far6, 0x1234));
    EXPECT_EQ(echo_answer(reply6, far6, 0x1234)->number, 9);
}

TEST(ProbePackets, ACutFrameAnswersNothing_WhereverItIsCut) {
    const IpAddress far = *IpAddress::parse("198.51.100.1");
    Frame echo = turned_around(echo_question(kAsker, kRouter, far, 0x1234, 7), 26, 4);
    echo[34] = 0;
    for (std::size_t bytes = 0; bytes < echo.size(); ++bytes)
        EXPECT_FALSE(echo_answer(std::span(echo).first(bytes), far, 0x1234)) << bytes;
    const Frame arp = arp_reply(kRouter);
    for (std::size_t bytes = 0; bytes < arp.size(); ++bytes)
        EXPECT_FALSE(neighbour_answer(std::span(arp).first(bytes), kGateway)) << bytes;
}

}  // namespace
}  // namespace vrrp_xdp::probe

// SPDX-License-Identifier: BSD-2-Clause
#include "net/frames.hpp"

#include <gmock/gmock.h>

#include "builders.hpp"

namespace vrrp_xdp::net {
namespace {

using protocol::Family;
using protocol::ip;
using protocol::IpAddress;
using protocol::MacAddress;
using protocol::Sample;
using testing::ElementsAreArray;

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;

MacAddress virtual_mac(Family family, int vrid = 10) {
    return MacAddress::of_virtual_router(protocol::vrid(vrid), family);
}

/// Of 16-bit words, folded: 0xffff where the checksum among them is right. RFC 1071 §4.1.
unsigned sum_of(std::span<const std::uint8_t> bytes, unsigned sum = 0) {
    for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 == 0 ? bytes[i] * 256U : bytes[i];
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

// ---- Advertisements.

TEST(AdvertisementFrame, OverIpv4_rfc9568_5_1_1) {
    const Frame message{0x31, 10, 100, 1, 0, 100, 0xab, 0xcd, 192, 0, 2, 254};
    const Frame expected{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12,              // to 224.0.0.18
                         0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a,              // from the virtual MAC
                         0x08, 0x00, 0x45, 0xc0, 0,    32,                // internetwork control, 32 bytes
                         0,    0,    0x40, 0,    255,  112,  0xd8, 0x99,  // no fragment, TTL 255
                         192,  0,    2,    1,    224,  0,    0,    18,    //
                         0x31, 10,   100,  1,    0,    100,  0xab, 0xcd, 192, 0, 2, 254};
    EXPECT_EQ(advertisement_frame(virtual_mac(Family::Ipv4), ip("192.0.2.1"), message), expected);
}

TEST(AdvertisementFrame, OverIpv6_rfc9568_5_1_2) {
    const Frame message{0x31, 10, 100, 1, 0, 100, 0xab, 0xcd, 0xfe, 0x80, 0, 0,
                        0,    0,  0,   0, 0, 0,   0,    0,    0,    0,    0, 0xfe};
    Frame expected{0x33, 0x33, 0x00, 0x00, 0x00, 0x12,  // to ff02::12
                   0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a,  // from the virtual MAC
                   0x86, 0xdd, 0x6c, 0,    0,    0,     // internetwork control
                   0,    24,   112,  255,               // hop limit 255
                   0xfe, 0x80, 0,    0,    0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
                   0xff, 0x02, 0,    0,    0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};
    expected.insert(expected.end(), message.begin(), message.end());
    EXPECT_EQ(advertisement_frame(virtual_mac(Family::Ipv6), ip("fe80::1"), message), expected);
}

TEST(AdvertisementPacket, IsTheFrameToOneRouter_WithoutItsEthernetHeader) {
    const Frame message{0x31, 10, 100, 1, 0, 100, 0xab, 0xcd, 192, 0, 2, 254};
    const Frame packet = advertisement_packet(ip("192.0.2.1"), ip("198.51.100.2"), message);
    ASSERT_EQ(packet.size(), kIpv4Header + message.size());
    EXPECT_EQ(packet[8], 255);
    EXPECT_EQ(sum_of(std::span(packet).first(kIpv4Header)), 0xffffU);
    EXPECT_THAT(std::span(packet).subspan(12, 8), ElementsAreArray({192, 0, 2, 1, 198, 51, 100, 2}));
    const Frame packet6 = advertisement_packet(ip("2001:db8::1"), ip("2001:db8::2"), message);
    ASSERT_EQ(packet6.size(), kIpv6Header + message.size());
    EXPECT_THAT(std::span(packet6).subspan(24, 16), ElementsAreArray(ip("2001:db8::2").bytes()));
}

TEST(AdvertisementFrame, HasTheLengthAndChecksumOfEveryMessage) {
    for (const std::size_t addresses : {1U, 2U, 90U, 255U}) {
        const Sample sample{.address_count = addresses};
        const Frame message = sample.bytes();
        const Frame frame = advertisement_frame(virtual_mac(Family::Ipv4), sample.source(), message);
        ASSERT_EQ(frame.size(), kEthernet + kIpv4Header + message.size());
        EXPECT_EQ(frame[16] * 256U + frame[17], kIpv4Header + message.size());
        EXPECT_EQ(sum_of(std::span(frame).subspan(kEthernet, kIpv4Header)), 0xffffU);
        EXPECT_THAT(std::span(frame).subspan(kEthernet + kIpv4Header), ElementsAreArray(message));
    }
    for (const std::size_t addresses : {1U, 2U, 90U}) {
        const Sample sample{.family = Family::Ipv6, .address_count = addresses};
        const Frame message = sample.bytes();
        const Frame frame = advertisement_frame(virtual_mac(Family::Ipv6), sample.source(), message);
        ASSERT_EQ(frame.size(), kEthernet + kIpv6Header + message.size());
        EXPECT_EQ(frame[18] * 256U + frame[19], message.size());
        EXPECT_THAT(std::span(frame).subspan(kEthernet + kIpv6Header), ElementsAreArray(message));
    }
}

TEST(AdvertisementFrame, HasTheRightHeaderChecksum_WhateverTheSource_rfc791_3_1) {
    for (unsigned low = 0; low < 0x10000; low += 0x11) {
        const std::array<std::uint8_t, 4> source{192, 0, static_cast<std::uint8_t>(low >> 8),
                                                 static_cast<std::uint8_t>(low)};
        const Frame frame =
            advertisement_frame(virtual_mac(Family::Ipv4), IpAddress::from_bytes(source), Frame(12));
        EXPECT_EQ(sum_of(std::span(frame).subspan(kEthernet, kIpv4Header)), 0xffffU) << low;
    }
}

// ---- Announcements.

TEST(AnnouncementFrame, OfAnIpv4Address_IsABroadcastRequestForItself_rfc5227_3_errata_7947_7949) {
    const Frame expected{0xff, 0xff, 0xff, 0xff, 0xff, 0xff,                  // to everybody
                         0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a,                  // from the virtual MAC
                         0x08, 0x06, 0,    1,    0x08, 0x00, 6,   4, 0, 1,    // request
                         0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a, 192, 0, 2, 254,  // it is at the virtual MAC
                         0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a, 192, 0, 2, 254};
    EXPECT_EQ(announcement_frame(virtual_mac(Family::Ipv4), ip("192.0.2.254")), expected);
}

TEST(AnnouncementFrame, OfAnIpv6Address_IsAnUnsolicitedAdvertisementToAllNodes_rfc9568_6_4_1) {
    const Frame expected{0x33, 0x33, 0,    0,    0,    1,                         // to all nodes
                         0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a,                      // from the virtual MAC
                         0x86, 0xdd, 0x6c, 0,    0,    0,    0,    32,  58, 255,  // hop limit 255
                         0xfe, 0x80, 0,    0,    0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    0xfe,  // from the virtual address
                         0xff, 0x02, 0,    0,    0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    1,              //
                         136,  0,    0x77, 0x97, 0xa0, 0,    0,    0,  // Router and Override
                         0xfe, 0x80, 0,    0,    0,    0,    0,    0,   0,  0,
                         0,    0,    0,    0,    0,    0xfe,               // which address
                         2,    1,    0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a};  // is at the virtual MAC
    EXPECT_EQ(announcement_frame(virtual_mac(Family::Ipv6), ip("fe80::fe")), expected);
}

TEST(AnnouncementFrame, HasTheRightChecksum_WhateverTheAddressAndVrid_rfc4443_2_3) {
    constexpr unsigned icmpv6_and_length = 58 + 32;
    for (const char* address :
         {"fe80::fe", "2001:db8::1", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
        for (int vrid = 1; vrid <= 255; ++vrid) {
            const Frame frame = announcement_frame(virtual_mac(Family::Ipv6, vrid), ip(address));
            constexpr std::size_t addresses_at = kEthernet + 8;
            EXPECT_EQ(sum_of(std::span(frame).subspan(addresses_at), icmpv6_and_length), 0xffffU)
                << address << ", VRID " << vrid;
        }
    }
}

// ---- Groups.

TEST(SolicitedNodeGroup, HasTheLastThreeBytesOfTheAddress_rfc4291_2_7_1) {
    EXPECT_EQ(solicited_node_group(ip("fe80::fe")), ip("ff02::1:ff00:fe"));
    EXPECT_EQ(solicited_node_group(ip("2001:db8::abcd:ef01:2345")), ip("ff02::1:ff01:2345"));
    EXPECT_EQ(solicited_node_group(ip("4037::01:800:200e:8c6c")), ip("ff02::1:ff0e:8c6c"));
    EXPECT_EQ(solicited_node_group(ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")), ip("ff02::1:ffff:ffff"));
    EXPECT_EQ(solicited_node_group(ip("::")), ip("ff02::1:ff00:0"));
}

}  // namespace
}  // namespace vrrp_xdp::net

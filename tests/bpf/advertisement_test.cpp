// SPDX-License-Identifier: BSD-2-Clause
// Valid advertisements for a VRID of ours are consumed whatever shape they have, and the controller is told
// all about them.
#include "protocol/advertisement.hpp"

#include <gmock/gmock.h>
#include <net/if.h>

#include "data_plane.hpp"
#include "landscape.hpp"
#include "support/network_sandbox.hpp"

namespace vrrp_xdp::test {
namespace {

using namespace std::chrono_literals;
using protocol::ChecksumForm;

/// A version 3 message as our own routers send it.
Bytes serialized(ChecksumForm form = ChecksumForm::PseudoHeader, std::uint8_t priority = 100,
                 std::size_t addresses = 1) {
    std::vector<IpAddress> list;
    for (std::size_t i = 0; i < addresses; ++i) list.push_back(ip("192.0.2." + std::to_string(254 - i)));
    return protocol::serialize({.version = protocol::Version::V3,
                                .vrid = protocol::Vrid::from(10).value(),
                                .priority = priority,
                                .interval = 1s,
                                .checksum = form,
                                .source = kPeerIp,
                                .addresses = list});
}

/// Slot 0 speaks version 3 and slot 1, with VRID 20, version 2.
class Advertisement : public DataPlane {
  protected:
    Advertisement() { add({.vrid = kVrid2, .addresses = {"198.51.100.1"}, .versions = kVersion2}); }
    static constexpr std::uint8_t kVrid2 = 20;

    void expect_consumed(const Bytes& frame, std::uint32_t slot = 0) {
        EXPECT_EQ(receive(frame), consumed(frame, slot));
    }
};

TEST_F(Advertisement, V3_IsConsumed_WithEitherChecksum_rfc9568_5_2_8) {
    expect_consumed(advertisement(serialized(ChecksumForm::MessageOnly)));
    expect_consumed(advertisement(serialized(ChecksumForm::PseudoHeader)));
    const Vrrp by_hand{.addresses = {kVirtualIp}};
    expect_consumed(advertisement(by_hand.message()));
    expect_consumed(advertisement(by_hand.message_summed_with(advertisement_envelope())));
}

TEST_F(Advertisement, V2_IsConsumed_rfc3768_5_3) {
    const Vrrp vrrp{.version = 2, .vrid = kVrid2, .interval = 1, .addresses = {kVirtualIp}, .tail = Bytes(8)};
    expect_consumed(advertisement(vrrp.message()), 1);
}

TEST_F(Advertisement, EitherVersion_IsConsumed_WhereBothAreSpoken_rfc9568_8_4) {
    const auto slot = add({.vrid = 30, .addresses = {}, .versions = kVersion2 | kVersion3});
    const Vrrp version3{.vrid = 30, .addresses = {kVirtualIp}};
    const Vrrp version2{.version = 2, .vrid = 30, .interval = 1, .addresses = {kVirtualIp}, .tail = Bytes(8)};
    expect_consumed(advertisement(version3.message()), slot);
    expect_consumed(advertisement(version2.message()), slot);
}

TEST_F(Advertisement, IsConsumed_ByTheActiveToo) {
    become_active();
    expect_consumed(advertisement(serialized()));
}

TEST_F(Advertisement, IsConsumed_WithEveryLengthOfIpOptions_rfc791_3_1) {
    for (std::size_t words = 0; words <= 10; ++words) {
        for (const auto form : {ChecksumForm::MessageOnly, ChecksumForm::PseudoHeader}) {
            Ipv4 envelope = advertisement_envelope();
            envelope.options = Bytes(words * 4, 1);  // option 1 is no operation
            const Bytes message = serialized(form);
            expect_consumed(advertisement(message, envelope));
            EXPECT_EQ(events().at(0).message(), message) << "with " << words << " words of options";
        }
    }
}

TEST_F(Advertisement, IsConsumed_WithEachPriority_rfc9568_5_2_4) {
    for (const std::uint8_t priority : Bytes{0, 1, 254, 255})
        expect_consumed(advertisement(serialized(ChecksumForm::PseudoHeader, priority)));
}

TEST_F(Advertisement, IsConsumed_With255Addresses_rfc9568_5_2_5) {
    for (const auto form : {ChecksumForm::MessageOnly, ChecksumForm::PseudoHeader})
        expect_consumed(advertisement(serialized(form, 100, 255)));

    const Vrrp version2{.version = 2,
                        .vrid = kVrid2,
                        .interval = 1,
                        .addresses = std::vector(255, kVirtualIp),
                        .tail = Bytes(8)};
    expect_consumed(advertisement(version2.message()), 1);
    EXPECT_EQ(events().at(0).message(), version2.message());
}

TEST_F(Advertisement, IsConsumed_WithAnyAddresses_WhichTheControllerCompares_rfc9568_7_1) {
    expect_consumed(advertisement(Vrrp{.addresses = {kFarIp, kHostIp}}.message()));
}

TEST_F(Advertisement, IsConsumed_WhateverTheReservedBits_rfc9568_5_2_6) {
    expect_consumed(advertisement(Vrrp{.interval = 0xf064, .addresses = {kVirtualIp}}.message()));
}

TEST_F(Advertisement, IsConsumed_WithTheShortestAndTheLongestInterval) {
    for (const std::uint16_t centiseconds : std::initializer_list<std::uint16_t>{1, 0xff, 0x100, 0xfff})
        expect_consumed(advertisement(Vrrp{.interval = centiseconds, .addresses = {kVirtualIp}}.message()));
    for (const std::uint16_t seconds : std::initializer_list<std::uint16_t>{1, 255}) {
        const Vrrp vrrp{
            .version = 2, .vrid = kVrid2, .interval = seconds, .addresses = {kVirtualIp}, .tail = Bytes(8)};
        expect_consumed(advertisement(vrrp.message()), 1);
    }
}

TEST_F(Advertisement, PaddingBehindTheIpPacket_IsNoPartOfTheMessage_rfc894) {
    const Bytes message = serialized(ChecksumForm::PseudoHeader);
    Bytes frame = padded(advertisement(message));
    frame.back() = 0xee;  // need not be zeros
    expect_consumed(frame);
    EXPECT_EQ(events().at(0).message(), message);
}

/// As long as the packet says that they belong to it; the checksum is that of what the header announces.
TEST_F(Advertisement, BytesBehindTheAddresses_AreHandedOverUnjudged_AndCounted) {
    Bytes message = serialized(ChecksumForm::MessageOnly);
    message.insert(message.end(), {0xde, 0xad, 0xbe, 0xef, 0x01});
    const Bytes frame = advertisement(message);
    EXPECT_EQ(receive(frame), consumed(frame).counting(VRRP_XDP_VR_trailing_bytes));
    EXPECT_EQ(events().at(0).message(), message);
}

TEST_F(Advertisement, IsConsumed_WithDontFragmentSet) {
    Ipv4 envelope = advertisement_envelope();
    envelope.fragment = kDontFragment;
    expect_consumed(advertisement(serialized(), envelope));
}

TEST_F(Advertisement, IsConsumed_FromAnySourceMac_rfc9568_7_2) {
    for (const MacAddress& source : {kPeerMac, kVirtualMac, ipv4_virtual_mac(77)})
        expect_consumed(Ethernet{.destination = kVrrpMulticastMac, .source = source}.frame(
            kEthertypeIpv4, advertisement_envelope().packet(serialized())));
}

TEST_F(Advertisement, IsConsumed_InAnUnicastFrame) {
    expect_consumed(Ethernet{.destination = kRouterMac, .source = kPeerMac}.frame(
        kEthertypeIpv4, advertisement_envelope().packet(serialized())));
}

TEST_F(Advertisement, Event_TellsWhenWhereWhoAndWhat) {
    const Bytes message = serialized(ChecksumForm::PseudoHeader, 200, 3);
    const std::uint64_t before = boot_now();
    receive(padded(advertisement(message)));
    const std::uint64_t after = boot_now();

    ASSERT_EQ(events().size(), 1U);
    const vrrp_xdp_event& event = events().front().record;
    EXPECT_GE(event.received_ns, before);
    EXPECT_LE(event.received_ns, after);
    EXPECT_EQ(event.ifindex, 1U);
    EXPECT_EQ(event.slot, 0U);
    EXPECT_EQ(event.type, VRRP_XDP_ADVERTISEMENT);
    EXPECT_EQ(event.election.family, VRRP_XDP_IPV4);
    EXPECT_EQ(MacAddress{std::to_array(event.source_mac)}, kPeerMac);
    EXPECT_EQ(IpAddress::from_bytes(std::span(event.source).first(4)), kPeerIp);
    EXPECT_THAT(std::span(event.source).subspan(4), ::testing::Each(0));
    EXPECT_EQ(event.length, message.size());
    EXPECT_EQ(events().front().message(), message);
    EXPECT_EQ(events().front().bytes, offsetof(vrrp_xdp_event, message) + message.size());
}

TEST_F(Advertisement, Event_NamesTheInterface) {
    const NetworkSandbox sandbox;
    const Tap tap("lan0");
    ASSERT_GT(tap.index(), 1U);
    receive(advertisement(serialized()), tap.index());
    ASSERT_EQ(events().size(), 1U);
    EXPECT_EQ(events().front().record.ifindex, tap.index());
}

/// A short message must not bring along what a longer one left in the draft.
TEST_F(Advertisement, Event_HoldsItsOwnMessageAlone) {
    const Bytes longer = serialized(ChecksumForm::PseudoHeader, 100, 255);
    const Bytes shorter = serialized(ChecksumForm::PseudoHeader, 7);
    receive(advertisement(longer));
    receive(advertisement(shorter));
    ASSERT_EQ(events().size(), 1U);
    EXPECT_EQ(events().front().message(), shorter);
    EXPECT_EQ(events().front().bytes, offsetof(vrrp_xdp_event, message) + shorter.size());
}

}  // namespace
}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// Nonsense on the wire: good frames with random damage. Whatever it is, only ARP and Neighbour Discovery are
// ever answered, and soundly, and what is not answered is not changed.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "data_plane.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr int kRounds = 40'000;
constexpr std::size_t kShortestFrame = kEthernetBytes;  // that BPF_PROG_TEST_RUN takes
constexpr const char* kSeedVariable = "VRRP_XDP_TEST_SEED";

const std::vector<Tag> kStacked{{.id = 100, .ethertype = kEthertype8021AD}, {.id = 20}};

std::vector<Bytes> good_frames() {
    const Bytes version3 = Vrrp{.addresses = {kVirtualIp}}.message();
    const Bytes version2 =
        Vrrp{.version = 2, .vrid = 20, .interval = 1, .addresses = {kVirtualIp}, .tail = Bytes(8)}.message();
    Ipv4 with_options = advertisement_envelope();
    with_options.options = Bytes(20, 1);
    const Vrrp over_ipv6{.addresses = {kVirtualLinkLocal, kVirtualIp6}};
    Ipv6 with_extensions = advertisement_envelope6();
    with_extensions.extensions = {{kHopByHopOptions}, {kDestinationOptions}};
    Solicitation without_options{.options = {}};
    Solicitation behind_extensions;
    behind_extensions.envelope.extensions = with_extensions.extensions;
    Solicitation stacked;
    stacked.link.tags = kStacked;
    return {
        arp_request(),
        padded(arp_request(kVirtualIp, kStacked)),
        arp_announcement(kHostMac, kArpReply),
        routed_packet(),
        routed_packet(kVirtualIp, kStacked),
        advertisement(version3),
        advertisement(version3, with_options),
        padded(advertisement(version2)),
        advertisement(version3, advertisement_envelope(), kStacked),
        Solicitation{}.frame(),
        Solicitation{.envelope = nd_envelope(kHostIp6, kVirtualIp6), .target = kVirtualLinkLocal}.frame(),
        without_options.frame(),
        behind_extensions.frame(),
        stacked.frame(),
        duplicate_address_detection().frame(),
        NeighbourAdvertisement{.link = {.destination = kAllNodesMac, .source = kHostMac},
                               .envelope = nd_envelope(kVirtualIp6, kAllNodes),
                               .target = kVirtualIp6,
                               .options = nd_option(kTargetAddressOption, kHostMac)}
            .frame(),
        routed_packet6(),
        routed_packet6(kVirtualIp6, kStacked),
        advertisement6(over_ipv6),
        advertisement6(over_ipv6, with_extensions, kStacked),
    };
}

/// One to eight bytes changed, and now and then some missing or added.
Bytes damaged(Bytes frame, std::mt19937& random) {
    const auto below = [&random](std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
    };
    const auto any_byte = [&below] { return static_cast<std::uint8_t>(below(256)); };
    for (std::size_t changes = 1 + below(8); changes > 0; --changes) frame[below(frame.size())] = any_byte();
    if (below(4) == 0) frame.resize(std::max(kShortestFrame, frame.size() - below(frame.size())));
    if (below(4) == 0) std::generate_n(std::back_inserter(frame), below(64), any_byte);
    return frame;
}

/// What is behind the tags.
struct Payload {
    std::size_t at = 0;
    unsigned ethertype = 0;
};

Payload payload_of(const Bytes& frame) {
    const auto ethertype_at = [&frame](std::size_t at) -> unsigned {
        return at + 1 < frame.size() ? unsigned{frame[at]} << 8U | frame[at + 1] : 0;
    };
    std::size_t at = 12;
    while (ethertype_at(at) == kEthertype8021Q || ethertype_at(at) == kEthertype8021AD) at += 4;
    return {.at = at + 2, .ethertype = ethertype_at(at)};
}

IpAddress ipv6_at(const Bytes& frame, std::size_t at) {
    return IpAddress::from_bytes(std::span(frame).subspan(at, 16));
}

/// With the right checksum for what the damage has made of an ICMPv6 message, or little would come behind it.
Bytes mended(Bytes frame) {
    const auto [at, ethertype] = payload_of(frame);
    const std::size_t message_at = at + 40;
    if (ethertype != kEthertypeIpv6 || frame.size() < message_at + 4 || frame[at + 6] != kProtocolIcmpv6)
        return frame;
    const std::size_t length = std::size_t{frame[at + 4]} << 8U | frame[at + 5];
    if (length < 4 || frame.size() < message_at + length) return frame;

    const std::span message = std::span(frame).subspan(message_at, length);
    const Icmpv6 icmp{
        .type = message[0], .code = message[1], .body = Bytes(message.begin() + 4, message.end())};
    std::ranges::copy(icmp.message(nd_envelope(ipv6_at(frame, at + 8), ipv6_at(frame, at + 24))),
                      message.begin());
    return frame;
}

/// An answer to ARP lies where the question was; one to a solicitation is created again.
void expect_sound(const Outcome& answer, const Bytes& question) {
    const auto [at, ethertype] = payload_of(question);
    if (ethertype == kEthertypeArp) {
        EXPECT_EQ(answer.frame.size(), question.size()) << answer;
        return;
    }
    ASSERT_EQ(ethertype, kEthertypeIpv6) << answer;
    ASSERT_GE(answer.frame.size(), at + 40) << answer;
    const IpAddress target = ipv6_at(answer.frame, at + 8);
    const IpAddress asker = ipv6_at(answer.frame, at + 24);
    const Bytes expected = asker == kAllNodes ? nd_answer_to_all(target) : nd_answer(target, asker);
    EXPECT_THAT(std::span(answer.frame).subspan(at),
                ::testing::ElementsAreArray(std::span(expected).subspan(kEthernetBytes)))
        << answer;
}

unsigned seed() {
    const char* given = std::getenv(kSeedVariable);
    return given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
}

TEST_F(DualStack, DamagedFrames_AreAnsweredSoundlyOrNotAtAll_AndNeverChangedUnlessAnswered) {
    const std::vector<std::uint16_t> tags{VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20};
    Router stacked6 = ipv6_router();
    stacked6.tags = tags;
    for (const auto slot :
         {0U, kSlot6, add({.vrid = 20, .addresses = {"198.51.100.1"}, .versions = kVersion2}),
          add({.tags = tags}), add(stacked6)})
        become_active(slot);
    const std::vector<Bytes> originals = good_frames();

    const unsigned start = seed();
    std::cout << "replay with " << kSeedVariable << "=" << start << '\n';
    std::mt19937 random(start);
    for (int round = 0; round < kRounds && !HasFailure(); ++round) {
        Bytes frame = damaged(originals[random() % originals.size()], random);
        if (random() % 2 == 0) frame = mended(std::move(frame));
        const Outcome outcome = receive_unwatched(frame);
        if (outcome.verdict == "XDP_TX") {
            expect_sound(outcome, frame);
        } else {
            EXPECT_THAT(outcome.verdict, ::testing::AnyOf("XDP_PASS", "XDP_DROP"));
            EXPECT_EQ(outcome.frame, frame);
        }
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

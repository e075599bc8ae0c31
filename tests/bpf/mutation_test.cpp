// SPDX-License-Identifier: BSD-2-Clause
// Nonsense on the wire: good frames with random damage. Whatever it is, only ARP is ever answered, and what
// is not answered is not changed.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr int kRounds = 20'000;
constexpr std::size_t kShortestFrame = kEthernetBytes;  // that BPF_PROG_TEST_RUN takes
constexpr const char* kSeedVariable = "VRRP_XDP_TEST_SEED";

const std::vector<Tag> kStacked{{.id = 100, .ethertype = kEthertype8021AD}, {.id = 20}};

std::vector<Bytes> good_frames() {
    const Bytes version3 = Vrrp{.addresses = {kVirtualIp}}.message();
    const Bytes version2 =
        Vrrp{.version = 2, .vrid = 20, .interval = 1, .addresses = {kVirtualIp}, .tail = Bytes(8)}.message();
    Ipv4 with_options = advertisement_envelope();
    with_options.options = Bytes(20, 1);
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

/// Behind up to two tags, which is as deep as any Virtual Router of ours is.
bool is_arp(const Bytes& frame) {
    const auto ethertype_at = [&frame](std::size_t at) {
        return at + 1 < frame.size() ? frame[at] << 8 | frame[at + 1] : 0;
    };
    std::size_t at = 12;
    while (ethertype_at(at) == kEthertype8021Q || ethertype_at(at) == kEthertype8021AD) at += 4;
    return ethertype_at(at) == kEthertypeArp;
}

unsigned seed() {
    const char* given = std::getenv(kSeedVariable);
    return given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
}

TEST_F(DataPlane, DamagedFrames_AreNeverAnsweredUnlessArp_AndNeverChangedUnlessAnswered) {
    const auto version2 = add({.vrid = 20, .addresses = {"198.51.100.1"}, .versions = kVersion2});
    const auto stacked = add({.tags = {VRRP_XDP_TAG_8021AD | 100, VRRP_XDP_TAG_8021Q | 20}});
    for (const auto slot : {0U, version2, stacked}) become_active(slot);
    const std::vector<Bytes> originals = good_frames();

    const unsigned start = seed();
    std::cout << "replay with " << kSeedVariable << "=" << start << '\n';
    std::mt19937 random(start);
    for (int round = 0; round < kRounds && !HasFailure(); ++round) {
        const Bytes frame = damaged(originals[random() % originals.size()], random);
        const Outcome outcome = receive_unwatched(frame);
        if (outcome.verdict == "XDP_TX") {
            EXPECT_TRUE(is_arp(frame)) << outcome;
            EXPECT_EQ(outcome.frame.size(), frame.size());
        } else {
            EXPECT_THAT(outcome.verdict, ::testing::AnyOf("XDP_PASS", "XDP_DROP"));
            EXPECT_EQ(outcome.frame, frame);
        }
    }
}

}  // namespace
}  // namespace vrrp_xdp::test

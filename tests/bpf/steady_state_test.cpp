// SPDX-License-Identifier: BSD-2-Clause
// The advertisement that the controller follows ends in XDP: stamped, counted, and nobody is woken.
// Everything else for a VRID of ours goes to the controller, no faster than it can bear.
#include "protocol/advertisement.hpp"

#include "data_plane.hpp"
#include "landscape.hpp"
#include "landscape6.hpp"

namespace vrrp_xdp::test {
namespace {

Bytes message(std::uint8_t priority = 200, std::size_t addresses = 1, std::uint8_t vrid = 10) {
    return Vrrp{.vrid = vrid, .priority = priority, .addresses = std::vector(addresses, kVirtualIp)}
        .message();
}

class SteadyState : public DualStack {
  protected:
    SteadyState() { expect_advertisement(kPeerIp, message()); }
};

TEST_F(SteadyState, EndsInXdp) {
    const Bytes frame = advertisement(message());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(receive(frame), steady(frame));
}

TEST_F(SteadyState, IsStampedWithTheTimeOfArrival) {
    const std::uint64_t before = boot_now();
    receive(advertisement(message()));
    EXPECT_GE(stamp().advertisement_ns, before);
    EXPECT_LE(stamp().advertisement_ns, boot_now());
}

TEST_F(SteadyState, CountsWhatDiffersFromTheConfiguration) {
    const Bytes frame = advertisement(message());
    expect_advertisement(kPeerIp, message(), VRRP_XDP_OTHER_INTERVAL);
    EXPECT_EQ(receive(frame), steady(frame).counting(VRRP_XDP_VR_interval_errors));
    expect_advertisement(kPeerIp, message(), VRRP_XDP_OTHER_ADDRESSES);
    EXPECT_EQ(receive(frame), steady(frame).counting(VRRP_XDP_VR_address_list_errors));
}

TEST_F(SteadyState, IsEndedByEveryOtherByte) {
    const Bytes followed = message();
    for (const std::uint8_t priority : std::initializer_list<std::uint8_t>{0, 1, 199, 201, 255}) {
        const Bytes frame = advertisement(message(priority));
        EXPECT_EQ(receive(frame), consumed(frame));
    }
    const Bytes longer = advertisement(message(200, 2));
    EXPECT_EQ(receive(longer), consumed(longer));
    for (std::size_t i = 0; i < followed.size(); ++i) {
        Bytes other = followed;
        other[i] = static_cast<std::uint8_t>(other[i] ^ 1);
        EXPECT_EQ(receive(advertisement(other)).traces.count("stamp advertisement of 0"), 0U) << "byte " << i;
    }
}

TEST_F(SteadyState, IsOfOneSourceAlone) {
    Ipv4 envelope = advertisement_envelope();
    envelope.source = ip("192.0.2.3");
    const Bytes frame = advertisement(message(), envelope);
    EXPECT_EQ(receive(frame), consumed(frame));
}

TEST_F(SteadyState, AsksForTheTtl_rfc9568_5_1_1_3) {
    Ipv4 envelope = advertisement_envelope();
    envelope.ttl = 254;
    const Bytes frame = advertisement(message(), envelope);
    EXPECT_EQ(receive(frame), dropped(frame).counting(VRRP_XDP_VR_ip_ttl_errors));
}

TEST_F(SteadyState, IsOfOneElectionAlone) {
    const std::uint32_t other = add({.vrid = 20, .addresses = {}});
    expect_advertisement(kPeerIp, message(), 0, other);
    const Bytes frame = advertisement(message(200, 1, 20));
    EXPECT_EQ(receive(frame), consumed(frame, other));
}

TEST_F(SteadyState, OverIpv6) {
    const Vrrp vrrp{.priority = 200, .addresses = {kVirtualLinkLocal}};
    const Bytes followed = vrrp.message_summed_with(advertisement_envelope6());
    expect_advertisement(kPeerLinkLocal, followed, 0, kSlot6);
    const Bytes frame = advertisement6(followed);
    EXPECT_EQ(receive(frame), steady(frame, kSlot6));
}

TEST_F(SteadyState, OfTheLongestMessage) {
    const Bytes longest = message(200, 255);
    expect_advertisement(kPeerIp, longest);
    const Bytes frame = advertisement(longest);
    EXPECT_EQ(receive(frame), steady(frame));
}

/// A flood of advertisements that anybody may send: each valid, none of them the followed one.
class Flood : public SteadyState {
  protected:
    static constexpr int kTimes = 10'000;

    static Ipv4 other_envelope() {
        Ipv4 envelope = advertisement_envelope();
        envelope.source = ip("192.0.2.3");
        return envelope;
    }
    static Outcome limited(const Bytes& frame) {
        return dropped(frame).counting(VRRP_XDP_VR_advertisement_rcvd).counting(VRRP_XDP_VR_events_limited);
    }

    /// Events that the controller got of it.
    std::uint64_t flood(std::uint8_t vrid = 10, std::uint32_t slot = 0, std::uint8_t priority = 100) {
        const Outcome outcome = receive_times(advertisement(message(priority, 255, vrid)), kTimes);
        EXPECT_EQ(outcome.verdict, "XDP_DROP");
        EXPECT_EQ(outcome.traces.at(trace_name(VRRP_XDP_VR_advertisement_rcvd, slot)), kTimes);
        const std::uint64_t told = outcome.traces.count("event") != 0 ? outcome.traces.at("event") : 0;
        const auto lost = outcome.traces.find(trace_name(VRRP_XDP_VR_events_lost, slot));
        EXPECT_EQ(told + (lost == outcome.traces.end() ? 0 : lost->second) +
                      outcome.traces.at(trace_name(VRRP_XDP_VR_events_limited, slot)),
                  kTimes);
        return told;
    }
};

TEST_F(Flood, IsLimited) {
    const std::uint64_t start = boot_now();
    const std::uint64_t told = flood();
    const std::uint64_t milliseconds = (boot_now() - start) / 1'000'000;
    EXPECT_GE(told, 32U);
    EXPECT_LE(told, 33U + milliseconds);
}

TEST_F(Flood, OfOneElection_TakesNothingFromAnother) {
    const std::uint32_t other = add({.vrid = 20, .addresses = {}});
    flood();
    EXPECT_GE(flood(20, other), 32U);
}

TEST_F(Flood, ReachesNoSteadyState) {
    flood();
    const Bytes frame = advertisement(message());
    EXPECT_EQ(receive(frame), steady(frame));
}

/// Valid advertisements that cannot move the election, as fast as they come.
TEST_F(Flood, OfWorseAdvertisements_DelaysNoFarewellAndNoBetterRouter_rfc9568_6_4) {
    tell_better_from(200);
    flood();
    for (const std::uint8_t priority : std::initializer_list<std::uint8_t>{0, 200, 254}) {
        const Bytes frame = advertisement(message(priority), other_envelope());
        EXPECT_EQ(receive_at_once(frame), consumed(frame)) << "priority " << int{priority};
    }
}

/// Whoever forges better ones, or farewells, is limited as well, and delays nothing of the other kinds.
TEST_F(Flood, OfEachKind_IsLimitedByItself) {
    tell_better_from(150);
    for (const std::uint8_t priority : std::initializer_list<std::uint8_t>{0, 150, 100}) {
        const std::uint64_t start = boot_now();
        const std::uint64_t told = flood(10, 0, priority);
        EXPECT_GE(told, 32U) << "priority " << int{priority};
        EXPECT_LE(told, 33U + (boot_now() - start) / 1'000'000);
    }
}

/// Without anybody to read, and with more elections than the ring holds bursts of.
TEST_F(Flood, OfAllElections_LosesEventsAndCountsThem) {
    constexpr int kBursts = VRRP_XDP_RING_BYTES / (32 * (8 + 255 * 4)) + 1;
    for (int i = 0; i < kBursts; ++i) add({.vrid = static_cast<std::uint8_t>(100 + i), .addresses = {}});
    for (int i = 0; i < kBursts; ++i)
        for (int times = 0; times < 32; ++times)
            receive_unwatched(advertisement(message(100, 255, static_cast<std::uint8_t>(100 + i))));
    const Bytes last = advertisement(message(100, 255));
    const Outcome outcome = receive_times(last, 1);
    EXPECT_EQ(outcome.traces.count(trace_name(VRRP_XDP_VR_events_lost, 0)), 1U) << outcome;

    EXPECT_EQ(receive(last), consumed(last));  // once the controller has read
}

}  // namespace
}  // namespace vrrp_xdp::test

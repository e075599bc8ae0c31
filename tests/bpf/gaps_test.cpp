// SPDX-License-Identifier: BSD-2-Clause
// What XDP notes of the gaps between advertisements of the router that is followed.
//
// The gaps begin when the machine has started, so that what a test takes is little beside them.
#include <algorithm>
#include <numeric>

#include "data_plane.hpp"
#include "landscape.hpp"

namespace vrrp_xdp::test {
namespace {

constexpr std::uint64_t kBoot = 1;
constexpr std::uint64_t kWindow = 1ULL << VRRP_XDP_GAP_WINDOW_SHIFT;

class Gaps : public DataPlane {
  protected:
    Gaps() { expect_advertisement(kPeerIp, message()); }

    static Bytes message() { return Vrrp{.priority = 200, .addresses = {kVirtualIp}}.message(); }
    void hear() { receive_times(advertisement(message()), 1); }

    /// It comes in after a gap that is such a part of this router's patience.
    void hear_after(double part) {
        follow_since(kBoot, kBoot, static_cast<std::uint64_t>(static_cast<double>(boot_now()) / part));
        hear();
    }
    std::uint64_t counted() const {
        const auto noted = gaps();
        return std::accumulate(std::begin(noted.buckets), std::end(noted.buckets), std::uint64_t{0});
    }
};

TEST_F(Gaps, AreCounted_ByThePartOfActiveDownInterval) {
    const std::array<double, VRRP_XDP_GAP_BUCKETS> parts{0.02, 0.04, 0.08, 0.16, 0.32, 0.7, 1.5};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        hear_after(parts.at(i));
        EXPECT_EQ(gaps().buckets[i], 1U) << parts.at(i);
        EXPECT_EQ(gaps().count, i + 1);
    }
    EXPECT_EQ(counted(), parts.size());
}

TEST_F(Gaps, AboveTwoThirds_AreNearFailovers) {
    hear_after(0.55);
    EXPECT_EQ(gaps().near_failovers, 0U);
    hear_after(0.7);
    EXPECT_EQ(gaps().near_failovers, 1U);
}

TEST_F(Gaps, AreFromOneArrivalToTheNext) {
    const std::uint64_t last = boot_now() / 2;
    follow_since(kBoot, last, boot_now());
    const std::uint64_t before = boot_now();
    hear();
    EXPECT_GE(gaps().recent_ns[0], before - last);
    EXPECT_EQ(gaps().recent_ns[0], stamp().advertisement_ns - last);
    EXPECT_EQ(gaps().since_ns, stamp().advertisement_ns);
}

TEST_F(Gaps, DoNotBegin_BeforeTheRouterWasFollowed) {
    const std::uint64_t followed = boot_now() / 2;
    follow_since(followed, kBoot, boot_now());
    hear();
    EXPECT_EQ(gaps().recent_ns[0], stamp().advertisement_ns - followed);
}

TEST_F(Gaps, AreNotNoted_WhileThereIsNoPatience) {
    follow_since(kBoot, kBoot, 0);
    hear();
    EXPECT_EQ(gaps().count, 0U);
    EXPECT_NE(stamp().advertisement_ns, kBoot);
}

TEST_F(Gaps, AreOfTheFollowedRouterAlone) {
    follow_since(kBoot, kBoot, boot_now());
    Ipv4 envelope = advertisement_envelope();
    envelope.source = ip("192.0.2.3");
    receive_times(advertisement(message(), envelope), 1);
    EXPECT_EQ(gaps().count, 0U);
}

TEST_F(Gaps, TheLargest_IsKeptWithThePatienceOfItsTime) {
    hear_after(0.5);
    const auto largest = gaps();
    EXPECT_EQ(largest.largest_ns, largest.recent_ns[0]);
    EXPECT_NEAR(static_cast<double>(largest.largest_of_ns), 2.0 * static_cast<double>(largest.largest_ns),
                static_cast<double>(largest.largest_ns));
    follow_since(kBoot, boot_now(), 1'000'000'000);
    hear();
    EXPECT_EQ(gaps().largest_ns, largest.largest_ns);
    EXPECT_EQ(gaps().largest_of_ns, largest.largest_of_ns);
}

TEST_F(Gaps, TheLargestOfLate_IsThatOfThisWindow_AndOfTheOneBefore) {
    const std::uint64_t window = boot_now() / kWindow;
    const std::uint64_t large = boot_now() * 4;
    const auto noted = [&](std::uint64_t last_window) {
        vrrp_xdp_gaps before{};
        before.count = 1;
        before.window = last_window;
        before.window_largest_ns = large;
        set_gaps(before);
        hear_after(0.5);
        return gaps();
    };
    EXPECT_EQ(noted(window).window_largest_ns, large);
    if (boot_now() / kWindow != window) return;  // it has just ended
    const auto next = noted(window - 1);
    EXPECT_EQ(next.window, window);
    EXPECT_EQ(next.window_largest_ns, next.recent_ns[1]);
    EXPECT_EQ(next.previous_window_largest_ns, large);
    EXPECT_EQ(noted(window - 2).previous_window_largest_ns, 0U);
}

TEST_F(Gaps, TheLastOnes_AreKept) {
    for (std::uint64_t i = 1; i <= VRRP_XDP_RECENT_GAPS + 1; ++i) {
        hear_after(0.5);
        EXPECT_EQ(gaps().recent_ns[(i - 1) % VRRP_XDP_RECENT_GAPS], stamp().advertisement_ns - kBoot);
    }
    EXPECT_EQ(gaps().count, VRRP_XDP_RECENT_GAPS + 1);
}

}  // namespace
}  // namespace vrrp_xdp::test

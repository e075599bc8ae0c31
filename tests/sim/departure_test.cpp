// SPDX-License-Identifier: BSD-2-Clause
// What the search of every schedule has found.
#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include "world.hpp"

namespace vrrp_xdp::sim {
namespace {

using namespace protocol;
using namespace std::chrono_literals;

constexpr TimePoint kStart = TimePoint(1h);
constexpr std::size_t kActive = 0;
constexpr std::size_t kBackup = 1;

/// Every frame is as long on its way as any other.
class Steady final : public Fate {
    ChecksumForm checksum_form() override { return ChecksumForm::PseudoHeader; }
    bool comes_back(std::size_t) override { return false; }
    bool is_doubled(const Network&) override { return false; }
    std::optional<Duration> delay(std::size_t, std::size_t, const Bytes&, const Network&) override {
        return 1ms;
    }
    std::optional<Bytes> damaged(const Bytes&, const Network&) override { return std::nullopt; }
    Duration latency(Duration) override { return {}; }
};

Parameters router(std::uint8_t last_byte, std::int64_t priority) {
    const std::array<std::uint8_t, 4> address{198, 51, 100, last_byte};
    return {.version = Version::V3,
            .priority = *Priority::from(priority),
            .advertise_interval = 1s,
            .preempt = true,
            .primary_address = IpAddress::from_bytes(address)};
}

/// Its data plane goes on without it, and ends at the first word of whoever comes after it.
TEST(Departure, FollowedByDeath_EndsAtTheFirstWordOfAWorseSuccessor) {
    Steady steady;
    World world(steady, {router(1, 200), router(2, 100)});
    for (const std::size_t each : {kActive, kBackup}) world.at(kStart, [&world, each] { world.start(each); });
    world.run_until(kStart + 5001ms);
    ASSERT_TRUE(world.is_active(kActive));

    world.stop(kActive);
    world.run_until(kStart + 5500ms);
    world.crash(kActive);
    ASSERT_TRUE(world.answers(kActive));
    while (!world.is_active(kBackup)) world.run_until(world.next());
    world.run_until(world.now() + 1ms);
    EXPECT_TRUE(world.holds_lease(kActive));
    EXPECT_FALSE(world.answers(kActive));
}

TEST(Departure, TakenBackAtOnce_IsNotBelievedByWhoHearsOfBothLater_rfc9568_6_4_2) {
    Steady steady;
    World world(steady, {router(1, 255), router(2, 100)});
    for (const std::size_t each : {kActive, kBackup}) world.at(kStart, [&world, each] { world.start(each); });
    world.run_until(kStart + 5200ms);
    world.stall(kBackup);
    // The farewell and the next advertisement come in at the same time, and Skew_Time ends before the one
    // after.
    world.crash(kActive);
    world.fence(kActive);
    world.start(kActive);
    world.run_until(kStart + 5900ms);
    world.resume(kBackup);
    world.run_until(world.now());
    EXPECT_TRUE(world.answers(kActive));
    EXPECT_FALSE(world.holds_lease(kBackup));
}

}  // namespace
}  // namespace vrrp_xdp::sim

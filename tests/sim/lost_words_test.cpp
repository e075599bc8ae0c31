// SPDX-License-Identifier: BSD-2-Clause
// The last advertisements of an Active Router are lost, and then all of it dies: its lease counts from what
// it sent, and the patience of its Backup Router from what that one received.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "world.hpp"

namespace vrrp_xdp::sim {
namespace {

using namespace protocol;
using namespace std::chrono_literals;

constexpr TimePoint kStart = TimePoint(1h);
constexpr std::uint64_t kSeeds = 500;
constexpr std::size_t kActive = 0;
constexpr std::size_t kBackup = 1;

/// For how long both answered, and for how long both had a lease.
class Together : public Observer {
  public:
    void advanced(const World& world) override {
        const Duration passed = world.now() - last_;
        if (world.answers(kActive) && world.answers(kBackup) && both_answered_) answering += passed;
        if (world.holds_lease(kActive) && world.holds_lease(kBackup)) leasing += passed;
        both_answered_ = world.answers(kActive) && world.answers(kBackup);
        last_ = world.now();
    }
    void stepped(const World& world, std::size_t, const Router&, const Event&, const Step&) override {
        both_answered_ = world.answers(kActive) && world.answers(kBackup);
        last_ = world.now();
    }
    void transmitted(const World&, std::size_t router, std::uint8_t, bool) override {
        if (router == kActive) ++words;
    }

    Duration answering{};
    Duration leasing{};
    unsigned words = 0;

  private:
    TimePoint last_ = kStart;
    bool both_answered_ = false;
};

Parameters draw(Random& random, std::size_t router, std::uint64_t priority, Duration interval) {
    const std::array<std::uint8_t, 4> address{first_byte(random), 0, 0,
                                              static_cast<std::uint8_t>(router + 1)};
    return {.version = Version::V3,
            .priority = *Priority::from(static_cast<std::int64_t>(priority)),
            .advertise_interval = interval,
            .preempt = true,
            .primary_address = IpAddress::from_bytes(address)};
}

/// Two in a row at most: after a third the Backup Router takes over from one that lives.
TEST(LostWords, BeforeADeath_LeaveTwoToAnswer_ForNoLongerThanAFrameIsOnItsWay) {
    std::int64_t percent = 0;  // of an interval, that the leases alone would have been shared
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        Random random(seed);
        const Duration interval = random.pick<Duration>({50ms, 100ms, 1s, 10s});
        const std::uint64_t priority = 2 + random.below(253);
        World world(seed + 1, {draw(random, kActive, priority, interval),
                               draw(random, kBackup, 1 + random.below(priority - 1), interval)});
        world.network.max_delay = interval / 300;
        Together together;
        world.watch(together);
        for (const std::size_t router : {kActive, kBackup})
            world.at(kStart, [&, router] { world.start(router); });
        world.run_until(kStart + 20 * interval + random.up_to(interval));
        ASSERT_TRUE(world.is_active(kActive)) << "seed " << seed;

        const auto lost = static_cast<unsigned>(random.below(3));
        if (lost > 0) world.network.side = {0, 1};
        together.words = 0;
        while (together.words < lost) world.run_until(world.now() + interval / 50);
        together.answering = together.leasing = {};
        world.run_until(world.now() + random.up_to(interval / 50));
        world.crash(kActive);
        world.network.side.clear();
        world.run_until(world.now() + 10 * interval);

        ASSERT_TRUE(world.is_active(kBackup)) << "seed " << seed;
        EXPECT_LE(together.answering, world.network.max_delay) << "seed " << seed << ", " << lost << " lost";
        percent = std::max<std::int64_t>(percent, 100 * together.leasing / interval);
    }
    EXPECT_GT(percent, 50);
}

}  // namespace
}  // namespace vrrp_xdp::sim

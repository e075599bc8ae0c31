// SPDX-License-Identifier: BSD-2-Clause
// Whether a driver runs the program, by the device's counter of frames.
#include "device/running.hpp"

#include <gtest/gtest.h>

namespace vrrp_xdp::device {
namespace {

using namespace std::chrono_literals;

/// Looks four times a second.
class Watch {
  public:
    /// Whether the driver does not run the program.
    bool look(std::uint64_t more_frames, protocol::Duration later = 250ms) {
        now_ += later;
        frames_ += more_frames;
        return judge_.look(now_, frames_);
    }
    /// At this look, the program has seen one of them.
    void note_run(std::uint64_t more_frames) {
        now_ += 250ms;
        frames_ += more_frames;
        judge_.note_run();
    }
    void reset_device() { frames_ = 0; }

  private:
    RunningJudge judge_;
    protocol::TimePoint now_{1h};
    std::uint64_t frames_ = 1'000'000;
};

TEST(Running, ProgramThatSeesNoneOfTheDevicesFrames_DoesNotRun) {
    Watch watch;
    EXPECT_FALSE(watch.look(0));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(watch.look(50)) << i;
    EXPECT_TRUE(watch.look(50));
}

TEST(Running, OneAdvertisementASecond_IsEnoughToTell) {
    Watch watch;
    watch.look(0);
    bool seen = false;
    int seconds = 0;
    for (; !seen && seconds < 30; ++seconds) seen = watch.look(1, 1s);
    EXPECT_TRUE(seen);
    EXPECT_EQ(seconds, 8);
}

TEST(Running, Silence_IsNoVerdict) {
    Watch watch;
    for (int i = 0; i < 1000; ++i) ASSERT_FALSE(watch.look(0));
}

TEST(Running, OneFrameSeen_ClearsWhatWasCountedBefore) {
    Watch watch;
    watch.look(0);
    for (int i = 0; i < 100; ++i) {
        for (int k = 0; k < 3; ++k) ASSERT_FALSE(watch.look(100));
        watch.note_run(100);
    }
}

TEST(Running, DeviceThatCountsLate_IsNotMisjudged) {
    Watch watch;
    for (int i = 0; i < 100; ++i) {
        watch.note_run(0);
        // What the program saw is counted in the two seconds that follow.
        for (const std::uint64_t late : std::initializer_list<std::uint64_t>{0, 0, 0, 5000, 0, 0, 0, 2000})
            ASSERT_FALSE(watch.look(late));
    }
}

TEST(Running, FrameNowAndThenThatTheDriverKeepsToItself_IsNotMisjudged) {
    Watch watch;
    for (int i = 0; i < 100; ++i) ASSERT_FALSE(watch.look(1, 6s));
}

TEST(Running, CounterThatADeviceBeginsAnew_IsNotMisjudged) {
    Watch watch;
    watch.note_run(0);
    watch.reset_device();
    EXPECT_FALSE(watch.look(3));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(watch.look(50));
    EXPECT_TRUE(watch.look(50));
}

}  // namespace
}  // namespace vrrp_xdp::device

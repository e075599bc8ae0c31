// SPDX-License-Identifier: BSD-2-Clause
// Whether a driver runs the program that is attached to it.
#pragma once

#include <cstdint>

#include "protocol/types.hpp"

namespace vrrp_xdp::device {

/// Attached is not running: there are drivers that take a program and give it no frame, or stop after a
/// reset. Judges by the device's own counter of frames, which goes up while the program sees nothing.
class RunningJudge {
  public:
    // A device may count late (some ask their firmware once a second), so that its counter goes up once or
    // twice after the last frame; and it may count a frame now and then that its driver keeps to itself.
    static constexpr std::uint64_t kFrames = 8;
    static constexpr unsigned kLooks = 4;
    static constexpr protocol::Duration kWithin = std::chrono::seconds(30);

    /// Notes a check, of a few per second, in which the program had seen no frame since the last one.
    /// device_frames: the device's counter of received frames. Returns whether the driver does not run the
    /// program.
    bool look(protocol::TimePoint now, std::uint64_t device_frames);

    /// Notes a check in which it had seen a frame.
    void note_run() { has_begun_ = false; }

  private:
    void begin(protocol::TimePoint now, std::uint64_t device_frames);

    bool has_begun_ = false;
    protocol::TimePoint since_{};
    std::uint64_t at_first_ = 0;  ///< the counter, when that began
    std::uint64_t at_last_ = 0;
    unsigned grown_ = 0;  ///< looks at which the counter had gone up
};

}  // namespace vrrp_xdp::device

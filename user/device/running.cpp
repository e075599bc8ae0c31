// SPDX-License-Identifier: BSD-2-Clause
#include "device/running.hpp"

namespace vrrp_xdp::device {

bool RunningJudge::look(protocol::TimePoint now, std::uint64_t device_frames) {
    const bool is_over = now - since_ > kWithin;
    // A counter that has gone down was reset with its device.
    if (!has_begun_ || is_over || device_frames < at_last_) {
        begin(now, device_frames);
        return false;
    }
    if (device_frames > at_last_) ++grown_;
    at_last_ = device_frames;
    return grown_ >= kLooks && device_frames - at_first_ >= kFrames;
}

void RunningJudge::begin(protocol::TimePoint now, std::uint64_t device_frames) {
    has_begun_ = true;
    since_ = now;
    at_first_ = at_last_ = device_frames;
    grown_ = 0;
}

}  // namespace vrrp_xdp::device

// SPDX-License-Identifier: BSD-2-Clause
// How often the protocol loop tells hosts where the virtual addresses are.
#include <algorithm>
#include <chrono>

#include "engine/protocol_loop.hpp"

namespace vrrp_xdp::engine {
namespace {

using protocol::TimePoint;

/// A rival may advertise as fast as it likes; hosts are told against it no faster than this.
constexpr std::chrono::seconds kPause(1);

TimePoint next_announcement(const elections::VirtualRouter& vr, TimePoint now) {
    const config::Announcements& how = vr.config.announcements;
    if (vr.repetitions > 0) return now + how.repeat_after;
    return how.refresh ? now + *how.refresh : protocol::kNever;
}

}  // namespace

bool ProtocolLoop::begin_announcing(elections::VirtualRouter& vr, bool took_over, TimePoint now) {
    if (!took_over && now - vr.announced < kPause) return false;
    vr.announced = now;
    vr.repetitions = vr.config.announcements.repeat;
    vr.announces_at = next_announcement(vr, now);
    next_announcement_ = std::min(next_announcement_, vr.announces_at);
    return true;
}

/// In steady state one comparison.
void ProtocolLoop::announce_again() {
    const TimePoint now = last_heartbeat_;
    if (now < next_announcement_) return;
    next_announcement_ = protocol::kNever;
    for_each_interface([&](std::uint32_t, ManagedInterface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
            elections::VirtualRouter& vr = interface.virtual_routers[i];
            if (!is_staying_active(vr.election)) vr.announces_at = protocol::kNever;
            if (vr.announces_at <= now) {
                interface.queue(i, {.announce_addresses = true});
                if (vr.repetitions > 0) --vr.repetitions;
                vr.announced = now;
                vr.announces_at = next_announcement(vr, now);
            }
            next_announcement_ = std::min(next_announcement_, vr.announces_at);
        }
    });
}

}  // namespace vrrp_xdp::engine

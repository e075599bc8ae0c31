// SPDX-License-Identifier: BSD-2-Clause
#include "elections/announcer.hpp"

#include <algorithm>
#include <chrono>

#include "elections/router_set.hpp"

namespace vrrp_xdp::elections {
namespace {

using protocol::TimePoint;

/// A rival may advertise as fast as it likes; hosts are told against it no faster than this.
constexpr std::chrono::seconds kPause(1);

TimePoint next_announcement(const VirtualRouter& vr, TimePoint now) {
    const config::Announcements& how = vr.config.announcements;
    if (vr.repetitions > 0) return now + how.repeat_after;
    return how.refresh ? now + *how.refresh : protocol::kNever;
}

}  // namespace

bool Announcer::begin(VirtualRouter& vr, bool took_over, TimePoint now) {
    if (!took_over && now - vr.announced < kPause) return false;
    vr.announced = now;
    vr.repetitions = vr.config.announcements.repeat;
    vr.announces_at = next_announcement(vr, now);
    next_ = std::min(next_, vr.announces_at);
    return true;
}

void Announcer::announce_again(RouterSet& routers, TimePoint now) {
    if (now < next_) return;
    next_ = protocol::kNever;
    routers.for_each_interface([&](std::uint32_t, Interface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
            VirtualRouter& vr = interface.virtual_routers[i];
            if (!is_staying_active(vr.election)) vr.announces_at = protocol::kNever;
            if (vr.announces_at <= now) {
                interface.queue(i, {.announce_addresses = true});
                if (vr.repetitions > 0) --vr.repetitions;
                vr.announced = now;
                vr.announces_at = next_announcement(vr, now);
            }
            next_ = std::min(next_, vr.announces_at);
        }
    });
}

}  // namespace vrrp_xdp::elections

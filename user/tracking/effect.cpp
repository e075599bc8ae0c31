// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/effect.hpp"

#include <algorithm>

namespace vrrp_xdp::tracking {
namespace {

using config::Track;
using protocol::Priority;

// Nothing beyond it makes a difference to a priority, and no sum of them overflows.
constexpr std::int64_t kFurthest = 255;

/// What the track adds to the priority.
std::int64_t difference(const Track& track, const Finding& finding) {
    if (const auto* lower = std::get_if<Track::Lower>(&track.effect)) return finding.up ? 0 : -lower->by;
    if (std::holds_alternative<Track::AddValue>(track.effect))
        return std::clamp(finding.value, -kFurthest, kFurthest);
    return 0;
}

}  // namespace

Effect combine(const config::VirtualRouter& router, const Findings& findings, Unknown unknown) {
    const Finding assumed{.up = unknown == Unknown::IsUp};
    std::int64_t priority = router.priority.value();
    bool faulted = false;
    for (const Track& track : router.tracks) {
        const auto found = findings.find(track.tracker);
        const Finding& finding = found != findings.end() ? found->second : assumed;
        priority += difference(track, finding);
        faulted |= !finding.up && std::holds_alternative<Track::Fault>(track.effect);
    }
    if (router.priority.is_owner()) return {router.priority, faulted};
    return {*Priority::from(std::clamp<std::int64_t>(priority, 1, 254)), faulted};
}

}  // namespace vrrp_xdp::tracking

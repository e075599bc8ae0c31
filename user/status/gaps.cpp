// SPDX-License-Identifier: BSD-2-Clause
#include "status/gaps.hpp"

#include <algorithm>

namespace vrrp_xdp::status {
namespace {

using protocol::Duration;

Duration duration_of(std::uint64_t nanoseconds) { return Duration(static_cast<Duration::rep>(nanoseconds)); }

}  // namespace

std::optional<Gaps> gaps_of(const vrrp_xdp_gaps& noted, protocol::TimePoint now) {
    if (noted.count == 0) return std::nullopt;
    Gaps gaps{.count = noted.count,
              .near_failovers = noted.near_failovers,
              .largest = duration_of(noted.largest_ns),
              .largest_of = duration_of(noted.largest_of_ns)};
    const auto now_ns = static_cast<std::uint64_t>(now.time_since_epoch().count());
    gaps.observed = duration_of(now_ns - std::min<std::uint64_t>(now_ns, noted.since_ns));
    std::copy(std::begin(noted.buckets), std::end(noted.buckets), gaps.buckets.begin());
    // This window and the one before it. The data plane begins another one with the first gap that ends in
    // it.
    const std::uint64_t window = now_ns >> VRRP_XDP_GAP_WINDOW_SHIFT;
    const std::uint64_t start = (std::max<std::uint64_t>(window, 1) - 1) << VRRP_XDP_GAP_WINDOW_SHIFT;
    gaps.lately = std::min(gaps.observed, duration_of(now_ns - start));
    if (noted.window == window)
        gaps.largest_lately =
            duration_of(std::max(noted.window_largest_ns, noted.previous_window_largest_ns));
    else if (noted.window + 1 == window)
        gaps.largest_lately = duration_of(noted.window_largest_ns);
    return gaps;
}

}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
// The derived times of RFC 9568 §6.1, to the nanosecond, and what becomes of intervals on the wire.
#pragma once

#include <algorithm>

#include "protocol/types.hpp"

namespace vrrp_xdp::protocol {

/// Returns how much longer than three intervals a Backup Router waits: the lower its priority, the longer.
/// Version 2 counts it in seconds whatever the interval is (RFC 3768 §6.1).
constexpr Duration skew_time(Version version, Priority priority, Duration active_adver_interval) {
    const Duration unit = version == Version::V2 ? Duration(std::chrono::seconds(1)) : active_adver_interval;
    return (256 - priority.value()) * unit / 256;
}

constexpr Duration active_down_interval(Version version, Priority priority, Duration active_adver_interval) {
    return 3 * active_adver_interval + skew_time(version, priority, active_adver_interval);
}

/// Returns how long after an advertisement the data plane may still be Active: as long as the most patient
/// Backup Router waits, for no Skew_Time is longer than the interval (RFC 9568 §6.1, RFC 3768 §6.1).
constexpr Duration longest_lease(Duration interval) { return 4 * interval; }

/// Returns when an Active Router advertises next: at a multiple of its interval. So all elections of one
/// interval advertise together, however they came to be Active; no lateness adds up, and what was missed is
/// not made up for.
constexpr TimePoint next_advertisement(TimePoint now, Duration interval) {
    return TimePoint((now.time_since_epoch() / interval + 1) * interval);
}

/// The least that version 3 can say: one centisecond (RFC 9568 §5.2.7).
inline constexpr Duration kCentisecond = std::chrono::milliseconds(10);

/// Returns the interval that an advertisement announces: at least a centisecond.
constexpr Duration interval_on_the_wire(Duration configured) { return std::max(configured, kCentisecond); }

/// Returns the Active Router's interval, learned from its advertisement. A router that is configured for less
/// than a centisecond uses its own interval if the advertised one cannot be distinguished from it.
constexpr Duration learned_interval(Duration heard, Duration configured) {
    return heard == interval_on_the_wire(configured) ? configured : heard;
}

}  // namespace vrrp_xdp::protocol

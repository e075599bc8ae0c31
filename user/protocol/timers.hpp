// SPDX-License-Identifier: BSD-2-Clause
// The derived times of RFC 9568 §6.1, to the nanosecond, and what becomes of intervals on the wire.
#pragma once

#include <algorithm>

#include "protocol/types.hpp"

namespace vrrp_xdp::protocol {

/// How much longer than three intervals a Backup Router waits: the lower its priority, the longer.
/// Version 2 counts it in seconds whatever the interval is (RFC 3768 §6.1).
constexpr Duration skew_time(Version version, Priority priority, Duration active_adver_interval) {
    const Duration unit = version == Version::V2 ? Duration(std::chrono::seconds(1)) : active_adver_interval;
    return (256 - priority.value()) * unit / 256;
}

constexpr Duration active_down_interval(Version version, Priority priority, Duration active_adver_interval) {
    return 3 * active_adver_interval + skew_time(version, priority, active_adver_interval);
}

/// How long after an advertisement the data plane may still be Active: as long as the most patient Backup
/// Router waits, for no Skew_Time is longer than the interval (RFC 9568 §6.1, RFC 3768 §6.1).
constexpr Duration longest_lease(Duration interval) { return 4 * interval; }

/// When an Active Router advertises next: at a multiple of its interval. So all elections of one interval
/// advertise together, however they came to be Active; no lateness adds up, and what was missed is not made
/// up for.
constexpr TimePoint next_advertisement(TimePoint now, Duration interval) {
    return TimePoint((now.time_since_epoch() / interval + 1) * interval);
}

/// The least that version 3 can say: one centisecond (RFC 9568 §5.2.7).
inline constexpr Duration kCentisecond = std::chrono::milliseconds(10);

/// What an advertisement says of the interval: shorter ones than a centisecond pass for one.
constexpr Duration interval_on_the_wire(Duration configured) { return std::max(configured, kCentisecond); }

/// The Active Router's interval, learned from its advertisement. Who is configured for less than a
/// centisecond takes one that cannot be told from it for its own.
constexpr Duration learned_interval(Duration heard, Duration configured) {
    return heard == interval_on_the_wire(configured) ? configured : heard;
}

}  // namespace vrrp_xdp::protocol

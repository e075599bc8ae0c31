// SPDX-License-Identifier: BSD-2-Clause
// The two derived times of RFC 9568 §6.1, to the nanosecond.
#pragma once

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

}  // namespace vrrp_xdp::protocol

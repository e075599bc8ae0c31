// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <ctime>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

/// Returns CLOCK_BOOTTIME: the clock that the data plane compares leases with.
inline protocol::TimePoint boot_now() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return protocol::TimePoint(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace vrrp_xdp::net

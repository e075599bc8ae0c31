// SPDX-License-Identifier: BSD-2-Clause
// How long frames are captured for a reader that gives no sign of life.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace vrrp_xdp::capture {

/// So long may a reader take from one sign of life to the next.
inline constexpr std::chrono::seconds kReaderPatience{3};

/// CLOCK_BOOTTIME now and that much later, in nanoseconds.
inline std::uint64_t boot_ns_in(std::chrono::nanoseconds later) {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    const auto since_boot = std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) + later;
    return static_cast<std::uint64_t>(since_boot.count());
}

}  // namespace vrrp_xdp::capture

// SPDX-License-Identifier: BSD-2-Clause
// What the controller leaves to its guardian, in memory that both have mapped: how it is doing, and what is
// to be done for each election once it can do nothing more.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace vrrp_xdp::guardian {

/// Bytes of the longest farewell: 90 IPv6 addresses fill a packet of 1500.
inline constexpr std::size_t kFarewellBytes = 1520;

/// One election's. Descriptors are numbers that the guardian has inherited.
struct Will {
    std::int32_t leases;                    ///< its port's map of leases
    std::uint32_t slot;                     ///< in there
    std::int32_t socket;                    ///< a packet socket that is bound to its interface
    std::uint32_t length;                   ///< bytes of farewell; 0 while there is none. Stored last
    std::uint64_t interval_ns;              ///< Advertisement_Interval; 0 once the election is another's
    std::uint8_t farewell[kFarewellBytes];  ///< the whole frame of an advertisement with priority 0
};
static_assert(sizeof(Will) % alignof(std::uint64_t) == 0);

/// Whether nothing is to be done for it.
inline bool is_void(const Will& will) {
    return std::atomic_ref(const_cast<Will&>(will).interval_ns).load(std::memory_order_acquire) == 0;
}

/// The beginning of that memory; a Will for each election follows.
struct Testament {
    std::uint64_t heartbeat_ns;  ///< when the controller last moved, CLOCK_BOOTTIME
    std::uint64_t controller;    ///< its process id
    std::uint64_t wills;         ///< how many follow

    Will* first() { return reinterpret_cast<Will*>(this + 1); }
    static constexpr std::size_t bytes(std::size_t wills) { return sizeof(Testament) + wills * sizeof(Will); }
};

/// The controller turns at least so often while it is Active anywhere.
inline constexpr std::uint64_t kHeartbeatNs = 100'000'000;

static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free, "shared between processes");

}  // namespace vrrp_xdp::guardian

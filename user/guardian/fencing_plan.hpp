// SPDX-License-Identifier: BSD-2-Clause
// What the controller leaves to its guardian, in memory that both have mapped: how it is doing, and what is
// to be done for each election once it can do nothing more.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace vrrp_xdp::guardian {

/// Bytes of the longest farewell: 90 IPv6 addresses fill a packet of 1500.
inline constexpr std::size_t kFarewellBytes = 1520;

/// Bytes of the longest socket address, which is IPv6's.
inline constexpr std::size_t kDestinationBytes = 28;

/// An advertisement with priority 0, ready to be sent. Descriptors are numbers that the guardian has
/// inherited.
struct Farewell {
    std::int32_t socket;               ///< a packet socket that is bound to the interface, or a raw one
    std::uint32_t length;              ///< bytes of packet; 0 while there is none. Stored last
    std::uint32_t destination_length;  ///< 0 on a packet socket: the frame says it
    std::uint8_t destination[kDestinationBytes];
    std::uint8_t packet[kFarewellBytes];  ///< whole, from its Ethernet or IP header on
};
static_assert(sizeof(Farewell) % alignof(std::uint64_t) == 0);

/// One election's.
struct FencingEntry {
    std::int32_t leases;        ///< its port's map of leases
    std::int32_t stamps;        ///< and of stamps
    std::uint32_t slot;         ///< in both
    std::uint32_t distance;     ///< in bytes, from here to the first of its farewells
    std::uint32_t farewells;    ///< how many: to the group or to each peer, in each version
    std::uint32_t orders;       ///< messages to the kernel behind them, for when it answers no longer
    std::uint64_t interval_ns;  ///< Advertisement_Interval; 0 once the election is another's

    void place(Farewell* first, std::size_t farewell_count, std::size_t order_count) {
        distance = static_cast<std::uint32_t>(reinterpret_cast<char*>(first) - reinterpret_cast<char*>(this));
        farewells = static_cast<std::uint32_t>(farewell_count);
        orders = static_cast<std::uint32_t>(order_count);
    }
    std::span<Farewell> all_farewells() const { return {first(), farewells}; }
    std::span<Farewell> all_orders() const { return {first() + farewells, orders}; }

  private:
    Farewell* first() const {
        char* const here = reinterpret_cast<char*>(const_cast<FencingEntry*>(this));
        return reinterpret_cast<Farewell*>(here + distance);
    }
};
static_assert(sizeof(FencingEntry) % alignof(std::uint64_t) == 0);

/// Returns whether nothing must be done for the entry.
inline bool is_void(const FencingEntry& entry) {
    return std::atomic_ref(const_cast<FencingEntry&>(entry).interval_ns).load(std::memory_order_acquire) == 0;
}

/// The beginning of that memory; an entry for each election follows, and behind them all farewells.
struct FencingPlan {
    std::uint64_t heartbeat_ns;     ///< when the controller last moved, CLOCK_BOOTTIME; 0 until its loop runs
    std::uint64_t controller;       ///< its process id
    std::uint64_t fencing_entries;  ///< how many follow
    std::uint64_t farewells;        ///< and how many of these

    FencingEntry* first() { return reinterpret_cast<FencingEntry*>(this + 1); }
    Farewell* first_farewell() { return reinterpret_cast<Farewell*>(first() + fencing_entries); }
    static constexpr std::size_t bytes(std::size_t fencing_entries, std::size_t farewells) {
        return sizeof(FencingPlan) + fencing_entries * sizeof(FencingEntry) + farewells * sizeof(Farewell);
    }
};

/// The controller turns at least so often while it is Active anywhere.
inline constexpr std::uint64_t kHeartbeatNs = 100'000'000;

static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free, "shared between processes");

}  // namespace vrrp_xdp::guardian

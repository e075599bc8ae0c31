// SPDX-License-Identifier: BSD-2-Clause
// What elections can tell the data plane of a port and learn from it. No call but consume_events() is a
// system call, and none waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "protocol/types.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::dataplane {

class Port {
  public:
    Port() = default;
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    virtual ~Port() = default;

    /// Stores a lease: the data plane is Active for the slot before this time. The next frame sees it.
    virtual void store_lease(std::uint32_t slot, protocol::TimePoint deadline) noexcept = 0;

    /// Does the same if the lease still is what it was: nobody else has ended it. Returns whether it was.
    virtual bool extend_lease(std::uint32_t slot, protocol::TimePoint from,
                              protocol::TimePoint to) noexcept = 0;

    /// Stores until when nothing that another router says ends the slot's lease. To be called before a lease
    /// grows.
    virtual void store_firm(std::uint32_t slot, protocol::TimePoint until) noexcept = 0;

    /// Returns whether another router has said since then that it is Active: the data plane is silent,
    /// whatever is left of the lease.
    virtual bool is_succeeded(std::uint32_t slot) const noexcept = 0;

    /// Returns what the slot's lease is now.
    virtual protocol::TimePoint lease(std::uint32_t slot) const noexcept = 0;

    /// Says what the data plane is to take for the Active Router's heartbeat from the next frame on: stamped,
    /// and told to nobody. digest: protocol::digest(), 0 for none. differences: enum vrrp_xdp_difference.
    /// followed: when that heartbeat came in first.
    virtual void expect(std::uint32_t slot, std::uint64_t digest, std::uint64_t differences,
                        protocol::TimePoint followed) noexcept = 0;

    /// Says how long a Backup Router waits for the Active one, so that the gaps between heartbeats are told
    /// by the part of it that they are.
    virtual void tell_patience(std::uint32_t slot, protocol::Duration active_down_interval) noexcept = 0;

    /// Says from which priority on another router's advertisements can move the election, so that they are
    /// reported at their own rate: enum vrrp_xdp_urgency.
    virtual void tell_better_from(std::uint32_t slot, protocol::Priority priority) noexcept = 0;

    /// Returns when that heartbeat last came in; the beginning of time if never.
    virtual protocol::TimePoint last_heard(std::uint32_t slot) const noexcept = 0;

    using EventHandler = std::function<void(const vrrp_xdp_event&)>;
    /// What is left in the ring after at most so many events of it.
    enum class Remainder : std::uint8_t { None, Some };
    /// Hands waiting events to the handler, at most so many, in the order of their arrival.
    virtual Remainder consume_events(const EventHandler& handler, std::size_t at_most) = 0;
};

}  // namespace vrrp_xdp::dataplane

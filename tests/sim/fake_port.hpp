// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "dataplane/port.hpp"
#include "digest.hpp"
#include "protocol/advertisement.hpp"

namespace vrrp_xdp::sim {

/// A port's maps and its XDP program, for one election: it outlives every instance, as pinned maps do.
class FakePort final : public dataplane::Port {
  public:
    void store_lease(std::uint32_t, protocol::TimePoint deadline) noexcept override { lease_ = deadline; }
    bool extend_lease(std::uint32_t, protocol::TimePoint from, protocol::TimePoint to) noexcept override;
    void store_firm(std::uint32_t, protocol::TimePoint until) noexcept override;
    bool is_succeeded(std::uint32_t) const noexcept override { return rival_ > firm_; }
    protocol::TimePoint lease(std::uint32_t = 0) const noexcept override { return lease_; }
    void expect(std::uint32_t, std::uint64_t digest, std::uint64_t, protocol::TimePoint) noexcept override {
        expected_ = digest;
    }
    void tell_patience(std::uint32_t, protocol::Duration) noexcept override {}
    void tell_better_from(std::uint32_t, protocol::Priority priority) noexcept override;
    protocol::TimePoint last_heard(std::uint32_t) const noexcept override { return last_heard_; }
    Remainder consume_events(const EventHandler& handler, std::size_t at_most) override;

    /// What the program does with a message that has passed its checks. Returns whether it handed it over;
    /// else it is the heartbeat that was expected.
    bool receive(const protocol::Advertisement& parsed, std::span<const std::uint8_t> message,
                 const vrrp_xdp_vr_key& election, const protocol::Envelope& envelope,
                 protocol::TimePoint now);

    /// Adds what makes a difference to the data plane from now on.
    void add_to(Digest& digest, bool is_running) const;
    protocol::TimePoint firm() const { return firm_; }

    /// Does what a guardian does that gives the election up, and sends a farewell.
    void give_up(protocol::TimePoint now, protocol::Duration interval);

    /// What waits in the ring is lost, as a successor drops it.
    void drop_events() { ring_.clear(); }

  private:
    protocol::TimePoint lease_ = {};
    protocol::TimePoint firm_{};   ///< another router's word ends the lease after it
    protocol::TimePoint rival_{};  ///< and the stamp of the last such word
    protocol::TimePoint last_heard_{};
    std::uint64_t expected_ = 0;
    std::uint8_t better_from_ = 0;
    std::deque<vrrp_xdp_event> ring_;
};

}  // namespace vrrp_xdp::sim

// SPDX-License-Identifier: BSD-2-Clause
#include "fake_port.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "protocol/timers.hpp"

namespace vrrp_xdp::sim {

using protocol::TimePoint;

bool FakePort::extend_lease(std::uint32_t, TimePoint from, TimePoint to) noexcept {
    if (lease_ != from) return false;
    lease_ = to;
    return true;
}

void FakePort::store_firm(std::uint32_t, TimePoint until) noexcept { firm_ = std::max(until, rival_); }

void FakePort::give_up(TimePoint now, protocol::Duration interval) {
    firm_ = std::min(firm_, now);
    lease_ = std::max(lease_ - protocol::Duration(1), now + interval);
}

void FakePort::tell_better_from(std::uint32_t, protocol::Priority priority) noexcept {
    better_from_ = priority.value();
}

dataplane::Port::Remainder FakePort::consume_events(const EventHandler& handler, std::size_t at_most) {
    for (; at_most > 0 && !ring_.empty(); --at_most) {
        const vrrp_xdp_event event = ring_.front();
        ring_.pop_front();
        handler(event);
    }
    return ring_.empty() ? Remainder::None : Remainder::Some;
}

// Of times that are over only their order counts, and only while there is a lease to be silenced.
void FakePort::add_to(Digest& digest, bool is_running) const {
    digest.add_future(lease_);
    digest.add_future(firm_);
    digest.add_future(rival_);
    digest.add(is_succeeded(0) && digest.is_future(lease_));
    digest.add(expected_);
    digest.add(better_from_);
    if (!is_running) return;  // a successor drops the ring
    if (!ring_.empty()) digest.add_time(last_heard_);
    for (const vrrp_xdp_event& event : ring_) {
        digest.add_time(TimePoint(std::chrono::nanoseconds(event.received_ns)));
        digest.add(event.source[3]);
        digest.add(event.message[2]);
    }
}

bool FakePort::receive(const protocol::Advertisement& parsed, std::span<const std::uint8_t> message,
                       const vrrp_xdp_vr_key& election, const protocol::Envelope& envelope, TimePoint now) {
    if (expected_ != 0 && protocol::digest(envelope.source, message) == expected_) {
        last_heard_ = rival_ = now;
        return false;
    }
    if (parsed.priority > 0) {
        // The firm part of the lease that a better router's word ends is yet to come.
        const bool is_better = parsed.priority > better_from_;
        rival_ = is_better ? std::max(now, firm_ + std::chrono::nanoseconds(1)) : now;
    }
    vrrp_xdp_event event{};
    event.received_ns = static_cast<std::uint64_t>(now.time_since_epoch().count());
    event.election = election;
    event.type = VRRP_XDP_ADVERTISEMENT;
    const auto source = envelope.source.bytes();
    const auto destination = envelope.destination.bytes();
    std::memcpy(event.source, source.data(), source.size());
    std::memcpy(event.destination, destination.data(), destination.size());
    event.length = static_cast<std::uint32_t>(std::min(message.size(), sizeof(event.message)));
    std::memcpy(event.message, message.data(), event.length);
    ring_.push_back(event);
    return true;
}

}  // namespace vrrp_xdp::sim

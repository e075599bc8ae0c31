// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/mapped_port.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>

#include "dataplane/programs.hpp"

namespace vrrp_xdp::dataplane {
namespace {

using protocol::TimePoint;

/// Ends ring_buffer__consume() after the record that it is said of.
constexpr int kEnough = -ECANCELED;

std::uint64_t nanoseconds(TimePoint time) {
    return static_cast<std::uint64_t>(time.time_since_epoch().count());
}

TimePoint time_of(std::uint64_t nanoseconds) { return TimePoint(protocol::Duration(nanoseconds)); }

template <typename T>
Result<SharedArray<T>> map_array(const bpf_map* from) {
    return SharedArray<T>::map(bpf_map__fd(from), VRRP_XDP_MAX_ELECTIONS);
}

bool is_whole(const vrrp_xdp_event& event, std::size_t size) {
    return size >= offsetof(vrrp_xdp_event, message) &&
           event.length <= size - offsetof(vrrp_xdp_event, message);
}

}  // namespace

Result<std::unique_ptr<MappedPort>> MappedPort::map(const vrrp_xdp_bpf& skeleton) {
    auto leases = map_array<vrrp_xdp_lease>(skeleton.maps.leases);
    if (!leases) return tl::unexpected(leases.error());
    auto expected = map_array<vrrp_xdp_expected>(skeleton.maps.expected);
    if (!expected) return tl::unexpected(expected.error());
    auto stamps = map_array<const vrrp_xdp_stamp>(skeleton.maps.stamps);
    if (!stamps) return tl::unexpected(stamps.error());
    auto gaps = map_array<const vrrp_xdp_gaps>(skeleton.maps.gaps);
    if (!gaps) return tl::unexpected(gaps.error());
    std::unique_ptr<MappedPort> port(
        new MappedPort(std::move(*leases), std::move(*expected), std::move(*stamps), std::move(*gaps),
                       {bpf_map__fd(skeleton.maps.leases), bpf_map__fd(skeleton.maps.stamps)}));
    port->ring_.reset(ring_buffer__new(bpf_map__fd(skeleton.maps.events), on_record, port.get(), nullptr));
    if (!port->ring_) return system_failure("reading the ring buffer");
    return port;
}

void MappedPort::store_lease(std::uint32_t slot, TimePoint deadline) noexcept {
    std::atomic_ref(leases_[slot].deadline_ns).store(nanoseconds(deadline), std::memory_order_release);
}

bool MappedPort::extend_lease(std::uint32_t slot, TimePoint from, TimePoint to) noexcept {
    __u64 expected = nanoseconds(from);
    return std::atomic_ref(leases_[slot].deadline_ns).compare_exchange_strong(expected, nanoseconds(to));
}

// A better router's word counts from after the firm part of the lease that it ended, which is yet to come;
// the next lease is another one.
void MappedPort::store_firm(std::uint32_t slot, TimePoint until) noexcept {
    const std::uint64_t rival_ns = std::atomic_ref(stamp(slot).rival_ns).load(std::memory_order_relaxed);
    std::atomic_ref(leases_[slot].firm_ns)
        .store(std::max(nanoseconds(until), rival_ns), std::memory_order_release);
}

bool MappedPort::is_succeeded(std::uint32_t slot) const noexcept {
    return std::atomic_ref(stamp(slot).rival_ns).load(std::memory_order_relaxed) >
           std::atomic_ref(leases_[slot].firm_ns).load(std::memory_order_relaxed);
}

TimePoint MappedPort::lease(std::uint32_t slot) const noexcept {
    return time_of(std::atomic_ref(leases_[slot].deadline_ns).load(std::memory_order_relaxed));
}

void MappedPort::expect(std::uint32_t slot, std::uint64_t digest, std::uint64_t differences,
                        TimePoint followed) noexcept {
    vrrp_xdp_expected& wanted = expected_[slot];
    std::atomic_ref(wanted.digest).store(0, std::memory_order_relaxed);
    std::atomic_ref(wanted.differences).store(differences, std::memory_order_release);
    std::atomic_ref(wanted.followed_ns).store(nanoseconds(followed), std::memory_order_release);
    std::atomic_ref(wanted.digest).store(digest, std::memory_order_release);
}

void MappedPort::tell_better_from(std::uint32_t slot, protocol::Priority priority) noexcept {
    std::atomic_ref(expected_[slot].better_from).store(priority.value(), std::memory_order_relaxed);
}

void MappedPort::tell_patience(std::uint32_t slot, protocol::Duration active_down_interval) noexcept {
    std::atomic_ref(expected_[slot].patience_ns)
        .store(static_cast<std::uint64_t>(active_down_interval.count()), std::memory_order_relaxed);
}

/// Its numbers are of a time each, which makes them no less true.
vrrp_xdp_gaps MappedPort::gaps(std::uint32_t slot) const noexcept { return gaps_[slot]; }

TimePoint MappedPort::last_heard(std::uint32_t slot) const noexcept {
    return time_of(std::atomic_ref(stamp(slot).advertisement_ns).load(std::memory_order_relaxed));
}

/// Only read, but there is no atomic_ref to what is const before C++26.
vrrp_xdp_stamp& MappedPort::stamp(std::uint32_t slot) const noexcept {
    return const_cast<vrrp_xdp_stamp&>(stamps_[slot]);
}

Port::Remainder MappedPort::consume_events(const EventHandler& handler, std::size_t at_most) {
    handler_ = &handler;
    still_taken_ = at_most;
    // What on_record() answers ends it early.
    const int result = ring_buffer__consume(ring_.get());
    handler_ = nullptr;
    return result == kEnough ? Remainder::Some : Remainder::None;
}

int MappedPort::on_record(void* context, void* data, std::size_t size) {
    auto* self = static_cast<MappedPort*>(context);
    const auto& event = *static_cast<const vrrp_xdp_event*>(data);
    if (is_whole(event, size)) (*self->handler_)(event);
    return --self->still_taken_ == 0 ? kEnough : 0;
}

}  // namespace vrrp_xdp::dataplane

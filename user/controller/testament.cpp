// SPDX-License-Identifier: BSD-2-Clause
#include "controller/testament.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <set>

#include "net/boot_clock.hpp"

namespace vrrp_xdp::controller {
void write_wills(const ManagedInterface& interface, std::span<guardian::Will> wills) {
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
        guardian::Will& will = wills[i];
        will.leases = interface.port->leases_fd();
        will.slot = interface.slots[i];
        will.socket = interface.socket.fd();
        const auto interval = interface.virtual_routers[i].config.advertise_interval;
        will.interval_ns = static_cast<std::uint64_t>(interval.count());
    }
}

Result<Testament> Testament::make(std::span<const ManagedInterface* const> interfaces) {
    std::size_t wills = 0;
    for (const ManagedInterface* interface : interfaces) wills += interface->virtual_routers.size();
    const std::size_t bytes = guardian::Testament::bytes(wills);

    UniqueFd fd(memfd_create("vrrp-xdp-testament", MFD_CLOEXEC));
    if (!fd || ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0)
        return system_failure("making the memory that is shared with the guardian");
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (memory == MAP_FAILED) return system_failure("mapping the memory that is shared with the guardian");

    Testament testament(std::move(fd), static_cast<guardian::Testament*>(memory));
    testament.shared_->wills = wills;
    testament.shared_->controller = static_cast<std::uint64_t>(getpid());
    testament.beat(net::boot_now());
    guardian::Will* next = testament.shared_->first();
    for (const ManagedInterface* interface : interfaces) {
        testament.by_interface_.emplace_back(next, interface->virtual_routers.size());
        next += interface->virtual_routers.size();
        write_wills(*interface, testament.by_interface_.back());
    }
    return testament;
}

Testament::Testament(Testament&& other) noexcept
    : fd_(std::move(other.fd_)),
      shared_(std::exchange(other.shared_, nullptr)),
      by_interface_(std::move(other.by_interface_)) {}

Testament::~Testament() {
    if (shared_ != nullptr) munmap(shared_, guardian::Testament::bytes(shared_->wills));
}

void Testament::beat(protocol::TimePoint now) noexcept {
    const auto at = static_cast<std::uint64_t>(now.time_since_epoch().count());
    std::atomic_ref(shared_->heartbeat_ns).store(at, std::memory_order_release);
}

std::vector<int> Testament::descriptors() const {
    std::set<int> all{fd_.get()};
    for (const guardian::Will* will = shared_->first(); will != shared_->first() + shared_->wills; ++will)
        if (!is_void(*will)) all.insert({will->leases, will->socket});
    return {all.begin(), all.end()};
}

void make_void(guardian::Will& will) noexcept {
    std::atomic_ref(will.interval_ns).store(0, std::memory_order_seq_cst);
}

void set_farewell(guardian::Will& will, const net::Frame& farewell) noexcept {
    // Who reads it may do so at any time: it is none until it is whole.
    std::atomic_ref(will.length).store(0, std::memory_order_seq_cst);
    if (farewell.size() > sizeof(will.farewell)) return;
    std::memcpy(static_cast<void*>(will.farewell), farewell.data(), farewell.size());
    std::atomic_ref(will.length)
        .store(static_cast<std::uint32_t>(farewell.size()), std::memory_order_release);
}

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
#include "engine/fencing_plan.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <set>

namespace vrrp_xdp::engine {
namespace {

std::size_t farewells_of(const elections::VirtualRouter& router) {
    return router.config.versions().size() * std::max<std::size_t>(1, router.config.unicast_peers.size());
}

/// On a bridge, the guardian also sends the kernel a message that gives the virtual MAC back to its ports.
std::size_t orders_of(const ManagedInterface& interface, std::uint32_t router) {
    return interface.port->order_to_leave(interface.slots[router]).has_value() ? 1 : 0;
}

void set_order(guardian::Farewell& last, const dataplane::AttachedPort::Order& order) {
    if (order.message.size() > sizeof(last.packet)) return;
    last.socket = order.socket;
    last.destination_length = 0;
    std::memcpy(static_cast<void*>(last.packet), order.message.data(), order.message.size());
    std::atomic_ref(last.length)
        .store(static_cast<std::uint32_t>(order.message.size()), std::memory_order_release);
}

void set_farewell(guardian::Farewell& farewell, const net::Outgoing& packet) noexcept {
    // Who reads it may do so at any time: it is none until it is whole.
    std::atomic_ref(farewell.length).store(0, std::memory_order_seq_cst);
    if (packet.bytes.size() > sizeof(farewell.packet)) return;
    static_assert(sizeof(packet.to.address) == sizeof(farewell.destination));
    std::memcpy(static_cast<void*>(farewell.destination), &packet.to.address, sizeof(farewell.destination));
    farewell.destination_length = packet.to.length;
    std::memcpy(static_cast<void*>(farewell.packet), packet.bytes.data(), packet.bytes.size());
    std::atomic_ref(farewell.length)
        .store(static_cast<std::uint32_t>(packet.bytes.size()), std::memory_order_release);
}

}  // namespace

void write_entries(const ManagedInterface& interface, std::span<guardian::FencingEntry> fencing_entries) {
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
        guardian::FencingEntry& entry = fencing_entries[i];
        const auto maps = interface.port->elections().shared_maps();
        entry.leases = maps.leases;
        entry.stamps = maps.stamps;
        entry.slot = interface.slots[i];
        for (guardian::Farewell& farewell : entry.all_farewells()) farewell.socket = interface.socket_of(i);
        const auto order = interface.port->order_to_leave(interface.slots[i]);
        for (guardian::Farewell& message : entry.all_orders())
            if (order) set_order(message, *order);
        const auto interval = interface.virtual_routers[i].config.advertise_interval;
        entry.interval_ns = static_cast<std::uint64_t>(interval.count());
    }
}

Result<FencingPlan> FencingPlan::make(std::span<const ManagedInterface* const> interfaces) {
    std::size_t fencing_entries = 0;
    std::size_t farewells = 0;
    for (const ManagedInterface* interface : interfaces) {
        fencing_entries += interface->virtual_routers.size();
        for (std::uint32_t i = 0; i < interface->virtual_routers.size(); ++i)
            farewells += farewells_of(interface->virtual_routers[i]) + orders_of(*interface, i);
    }
    const std::size_t bytes = guardian::FencingPlan::bytes(fencing_entries, farewells);

    UniqueFd fd(memfd_create("vrrp-xdp-fencing-plan", MFD_CLOEXEC));
    if (!fd || ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0)
        return system_failure("creating the memory that is shared with the guardian");
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (memory == MAP_FAILED) return system_failure("mapping the memory that is shared with the guardian");

    FencingPlan fencing_plan(std::move(fd), static_cast<guardian::FencingPlan*>(memory));
    fencing_plan.shared_->fencing_entries = fencing_entries;
    fencing_plan.shared_->farewells = farewells;
    fencing_plan.shared_->controller = static_cast<std::uint64_t>(getpid());
    guardian::FencingEntry* next = fencing_plan.shared_->first();
    guardian::Farewell* farewell = fencing_plan.shared_->first_farewell();
    for (const ManagedInterface* interface : interfaces) {
        fencing_plan.by_interface_.emplace_back(next, interface->virtual_routers.size());
        for (std::uint32_t i = 0; i < interface->virtual_routers.size(); ++i) {
            const std::size_t count = farewells_of(interface->virtual_routers[i]);
            const std::size_t orders = orders_of(*interface, i);
            next->place(farewell, count, orders);
            farewell += count + orders;
            ++next;
        }
        write_entries(*interface, fencing_plan.by_interface_.back());
    }
    return fencing_plan;
}

FencingPlan::FencingPlan(FencingPlan&& other) noexcept
    : fd_(std::move(other.fd_)),
      shared_(std::exchange(other.shared_, nullptr)),
      by_interface_(std::move(other.by_interface_)) {}

FencingPlan::~FencingPlan() {
    if (shared_ != nullptr)
        munmap(shared_, guardian::FencingPlan::bytes(shared_->fencing_entries, shared_->farewells));
}

void FencingPlan::beat(protocol::TimePoint now) noexcept {
    const auto at = static_cast<std::uint64_t>(now.time_since_epoch().count());
    std::atomic_ref(shared_->heartbeat_ns).store(at, std::memory_order_release);
}

std::vector<int> FencingPlan::descriptors() const {
    std::set<int> all{fd_.get()};
    for (const guardian::FencingEntry* entry = shared_->first();
         entry != shared_->first() + shared_->fencing_entries; ++entry)
        if (!is_void(*entry)) {
            all.insert({entry->leases, entry->stamps});
            for (const guardian::Farewell& farewell : entry->all_farewells()) all.insert(farewell.socket);
            for (const guardian::Farewell& order : entry->all_orders()) all.insert(order.socket);
        }
    return {all.begin(), all.end()};
}

void void_entry(guardian::FencingEntry& entry) noexcept {
    std::atomic_ref(entry.interval_ns).store(0, std::memory_order_seq_cst);
}

void drop_farewells(guardian::FencingEntry& entry) noexcept {
    for (guardian::Farewell& farewell : entry.all_farewells())
        std::atomic_ref(farewell.length).store(0, std::memory_order_release);
}

void set_farewells(guardian::FencingEntry& entry, std::span<const net::Outgoing> packets) noexcept {
    const auto farewells = entry.all_farewells();
    for (std::size_t i = 0; i < std::min(farewells.size(), packets.size()); ++i)
        set_farewell(farewells[i], packets[i]);
}

}  // namespace vrrp_xdp::engine

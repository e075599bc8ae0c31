// SPDX-License-Identifier: BSD-2-Clause
#include "guardian/fencer.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <map>

namespace vrrp_xdp::guardian {
namespace {

/// Of an election with an interval of half of this or more. It is three heartbeats.
constexpr Nanoseconds kMostPatience = 3 * kHeartbeatNs;

/// With a shorter interval the lease ends before a missed heartbeat says anything.
constexpr Nanoseconds kShortestInterval = 50'000'000;

/// A lease is three intervals long. After two without a sign of life, one is left that a farewell can spare.
Nanoseconds patience_of(const FencingEntry& entry) { return std::min(2 * entry.interval_ns, kMostPatience); }

void* map_shared(int descriptor, std::size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    return memory == MAP_FAILED ? nullptr : memory;
}

}  // namespace

Nanoseconds boot_now() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<Nanoseconds>(now.tv_sec) * 1'000'000'000U + static_cast<Nanoseconds>(now.tv_nsec);
}

std::optional<Fencer> Fencer::make(int fencing_plan) {
    struct stat described {};
    if (fstat(fencing_plan, &described) != 0) return std::nullopt;
    void* memory = map_shared(fencing_plan, static_cast<std::size_t>(described.st_size));
    if (memory == nullptr) return std::nullopt;
    Fencer fencer(static_cast<FencingPlan*>(memory));
    if (!fencer.map_leases()) return std::nullopt;
    fencer.ended_.reserve(fencer.leases_.size());
    fencer.buffers_.resize(fencer.fencing_plan_->farewells);
    fencer.messages_.resize(fencer.fencing_plan_->farewells);
    fencer.farewells_.reserve(fencer.fencing_plan_->farewells);
    return fencer;
}

bool Fencer::map_leases() {
    std::map<int, vrrp_xdp_lease*> mapped;  // by descriptor
    for (const FencingEntry& entry : fencing_entries()) {
        if (is_void(entry)) {
            leases_.push_back(nullptr);
            continue;
        }
        vrrp_xdp_lease*& leases = mapped[entry.leases];
        constexpr std::size_t bytes = VRRP_XDP_MAX_ELECTIONS * sizeof(vrrp_xdp_lease);
        if (leases == nullptr) leases = static_cast<vrrp_xdp_lease*>(map_shared(entry.leases, bytes));
        if (leases == nullptr) return false;
        leases_.push_back(&leases[entry.slot].deadline_ns);
    }
    return true;
}

Nanoseconds Fencer::heartbeat() const {
    return std::atomic_ref(fencing_plan_->heartbeat_ns).load(std::memory_order_acquire);
}

std::optional<Nanoseconds> Fencer::silence() const {
    const Nanoseconds last = heartbeat();
    const Nanoseconds now = boot_now();
    if (last == 0) return std::nullopt;
    return now > last ? now - last : 0;
}

std::optional<Nanoseconds> Fencer::patience() const {
    const Nanoseconds now = boot_now();
    std::optional<Nanoseconds> least;
    for (std::size_t i = 0; i < leases_.size(); ++i) {
        const FencingEntry& entry = fencing_entries()[i];
        if (entry.interval_ns < kShortestInterval) continue;
        if (std::atomic_ref(*leases_[i]).load(std::memory_order_relaxed) <= now) continue;
        least = std::min(least.value_or(kMostPatience), patience_of(entry));
    }
    return least;
}

Outcome Fencer::end_all(Nanoseconds silence) {
    ended_.clear();
    // All leases before any farewell: two must never answer, not even for one frame.
    const Nanoseconds now = boot_now();
    for (std::size_t i = 0; i < leases_.size(); ++i) {
        const FencingEntry& entry = fencing_entries()[i];
        if (is_void(entry) || patience_of(entry) > silence) continue;
        // An exchange, so that the controller, should it move again, finds that it was not the last to write.
        if (std::atomic_ref(*leases_[i]).exchange(0) > now) ended_.push_back(&entry);
    }
    const auto leases = static_cast<unsigned>(ended_.size());
    return {leases, send_farewells()};
}

unsigned Fencer::send_farewells() {
    farewells_.clear();
    for (const FencingEntry* entry : ended_)
        for (Farewell& farewell : entry->all()) farewells_.push_back(&farewell);
    unsigned sent = 0;
    for (std::size_t next = 0; next < farewells_.size();) {
        // Those of an interface stand together.
        const int socket = farewells_[next]->socket;
        unsigned count = 0;
        for (; next < farewells_.size() && farewells_[next]->socket == socket; ++next)
            if (prepare(*farewells_[next], count)) ++count;
        for (unsigned first = 0; first < count;) {
            const int taken = sendmmsg(socket, &messages_[first], count - first, MSG_DONTWAIT);
            if (taken > 0) sent += static_cast<unsigned>(taken);
            // A refused frame is passed over: the ones behind it belong to other elections.
            first += taken > 0 ? static_cast<unsigned>(taken) : 1U;
        }
    }
    return sent;
}

bool Fencer::prepare(Farewell& farewell, unsigned place) {
    const auto length = std::atomic_ref(farewell.length).load(std::memory_order_acquire);
    if (length == 0 || length > kFarewellBytes || farewell.destination_length > kDestinationBytes)
        return false;
    buffers_[place] = {farewell.packet, length};
    msghdr& message = messages_[place].msg_hdr;
    message = {};
    message.msg_iov = &buffers_[place];
    message.msg_iovlen = 1;
    if (farewell.destination_length != 0) message.msg_name = farewell.destination;
    message.msg_namelen = farewell.destination_length;
    return true;
}

}  // namespace vrrp_xdp::guardian

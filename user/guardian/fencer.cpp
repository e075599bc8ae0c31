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

/// A Backup Router waits three intervals. After two without a sign of life, one is left that a farewell can
/// spare.
Nanoseconds patience_of(const FencingEntry& entry) { return std::min(2 * entry.interval_ns, kMostPatience); }

void* map_shared(int descriptor, std::size_t bytes, int protection = PROT_READ | PROT_WRITE) {
    void* memory = mmap(nullptr, bytes, protection, MAP_SHARED, descriptor, 0);
    return memory == MAP_FAILED ? nullptr : memory;
}

Nanoseconds load(const __u64& word) {
    return std::atomic_ref(const_cast<__u64&>(word)).load(std::memory_order_relaxed);
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
    if (!fencer.map_words()) return std::nullopt;
    fencer.given_up_.reserve(fencer.words_.size());
    fencer.ordered_.reserve(fencer.words_.size());
    fencer.buffers_.resize(fencer.fencing_plan_->farewells);
    fencer.messages_.resize(fencer.fencing_plan_->farewells);
    fencer.farewells_.reserve(fencer.fencing_plan_->farewells);
    return fencer;
}

bool Fencer::map_words() {
    std::map<int, vrrp_xdp_lease*> leases;  // by descriptor
    std::map<int, const vrrp_xdp_stamp*> stamps;
    for (const FencingEntry& entry : fencing_entries()) {
        if (is_void(entry)) {
            words_.emplace_back();
            continue;
        }
        vrrp_xdp_lease*& lease = leases[entry.leases];
        if (lease == nullptr)
            lease = static_cast<vrrp_xdp_lease*>(
                map_shared(entry.leases, VRRP_XDP_MAX_ELECTIONS * sizeof(vrrp_xdp_lease)));
        if (lease == nullptr) return false;
        words_.push_back({lease + entry.slot});
        if (entry.orders == 0) continue;
        const vrrp_xdp_stamp*& stamp = stamps[entry.stamps];
        if (stamp == nullptr)
            stamp = static_cast<const vrrp_xdp_stamp*>(
                map_shared(entry.stamps, VRRP_XDP_MAX_ELECTIONS * sizeof(vrrp_xdp_stamp), PROT_READ));
        if (stamp == nullptr) return false;
        words_.back().stamp = stamp + entry.slot;
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
    for (std::size_t i = 0; i < words_.size(); ++i) {
        const FencingEntry& entry = fencing_entries()[i];
        if (entry.interval_ns < kShortestInterval || is_given_up(words_[i])) continue;
        if (load(words_[i].lease->deadline_ns) <= now) continue;
        least = std::min(least.value_or(kMostPatience), patience_of(entry));
    }
    return least;
}

bool Fencer::is_given_up(const Words& words) const {
    return words.given_up != 0 && load(words.lease->deadline_ns) == words.given_up;
}

Outcome Fencer::give_up(Nanoseconds silence) {
    given_up_.clear();
    // All leases before any farewell: none may be firm when a successor speaks.
    const Nanoseconds now = boot_now();
    for (std::size_t i = 0; i < words_.size(); ++i) {
        const FencingEntry& entry = fencing_entries()[i];
        if (is_void(entry) || patience_of(entry) > silence || is_given_up(words_[i])) continue;
        if (!give_up(entry, words_[i], now)) continue;
        given_up_.push_back(&entry);
        if (entry.orders > 0) ordered_.push_back(i);
    }
    const auto leases = static_cast<unsigned>(given_up_.size());
    return {leases, send_farewells()};
}

/// Returns whether it was Active, and is no longer the controller's. That one finds another deadline than it
/// stored, should it move again. Where the farewell was said, the controller has given it up itself.
bool Fencer::give_up(const FencingEntry& entry, Words& words, Nanoseconds now) {
    __u64 deadline = load(words.lease->deadline_ns);
    if (deadline <= now) return false;
    const auto farewells = entry.all_farewells();
    const bool says_farewell = std::any_of(farewells.begin(), farewells.end(),
                                           [](const Farewell& farewell) { return farewell.length > 0; });
    words.given_up = deadline;
    if (!says_farewell) return true;
    // Whoever hears the farewell waits for its Skew_Time, an interval at most (RFC 9568 section 6.4.2).
    const Nanoseconds successor = now + entry.interval_ns;
    words.given_up = successor > deadline ? successor : deadline - 1;
    if (!std::atomic_ref(words.lease->deadline_ns).compare_exchange_strong(deadline, words.given_up))
        return false;
    std::atomic_ref(words.lease->firm_ns).store(std::min(load(words.lease->firm_ns), now));
    return true;
}

unsigned Fencer::send_farewells() {
    farewells_.clear();
    for (const FencingEntry* entry : given_up_)
        for (Farewell& farewell : entry->all_farewells()) farewells_.push_back(&farewell);
    return send(farewells_);
}

void Fencer::carry_out_orders() {
    farewells_.clear();
    const Nanoseconds now = boot_now();
    std::erase_if(ordered_, [&](std::size_t i) {
        const Words& words = words_[i];
        if (!is_given_up(words)) return true;  // the controller is back
        const bool is_succeeded = load(words.stamp->rival_ns) > load(words.lease->firm_ns);
        if (now < words.given_up && !is_succeeded) return false;
        for (Farewell& order : fencing_entries()[i].all_orders()) farewells_.push_back(&order);
        return true;
    });
    send(farewells_);
}

/// Returns how many have left. Those of a socket stand together.
unsigned Fencer::send(std::span<Farewell* const> messages) {
    unsigned sent = 0;
    for (std::size_t next = 0; next < messages.size();) {
        const int socket = messages[next]->socket;
        unsigned count = 0;
        for (; next < messages.size() && messages[next]->socket == socket; ++next)
            if (prepare(*messages[next], count)) ++count;
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

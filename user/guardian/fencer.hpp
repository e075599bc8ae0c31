// SPDX-License-Identifier: BSD-2-Clause
// Carries out fencing plans.
#pragma once

#include <sys/socket.h>

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "guardian/fencing_plan.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::guardian {

using Nanoseconds = std::uint64_t;  ///< times and durations of CLOCK_BOOTTIME

Nanoseconds boot_now();

/// What carrying out came to.
struct Outcome {
    unsigned leases = 0;     ///< that were valid, and are now ended by the first word of a successor
    unsigned farewells = 0;  ///< that left for them
};

class Fencer {
  public:
    /// Maps the fencing plan and every map that it names, and takes all memory that it will need. Returns
    /// nothing if any of that fails; errno tells why.
    static std::optional<Fencer> make(int fencing_plan);

    std::uint64_t controller() const { return fencing_plan_->controller; }
    Nanoseconds heartbeat() const;

    /// Returns how long the controller has not moved; nothing before its first heartbeat: until its loop
    /// runs, how long that takes says nothing, and a lease that it was handed ends by itself.
    std::optional<Nanoseconds> silence() const;

    /// Returns how long the controller may stay still before the first election is to be given up; nothing
    /// while none is Active that gains from it.
    std::optional<Nanoseconds> patience() const;

    /// Gives up all elections whose patience is not more than this silence: their data plane goes on, but
    /// ends at the first word of any other router. Sends a farewell for those that were Active, one system
    /// call an interface.
    Outcome give_up(Nanoseconds silence);

    /// Returns whether the kernel does not know yet of an election that was given up.
    bool has_orders() const { return !ordered_.empty(); }

    /// Tells the kernel of those whose data plane is silent now.
    void carry_out_orders();

  private:
    explicit Fencer(FencingPlan* fencing_plan) : fencing_plan_(fencing_plan) {}
    /// What is mapped for an entry; nothing if it is void.
    struct Words {
        vrrp_xdp_lease* lease = nullptr;
        const vrrp_xdp_stamp* stamp = nullptr;  ///< where there are orders
        Nanoseconds given_up = 0;               ///< the deadline that was stored when it was
    };

    bool map_words();
    bool is_given_up(const Words& words) const;
    bool give_up(const FencingEntry& entry, Words& words, Nanoseconds now);
    unsigned send_farewells();
    unsigned send(std::span<Farewell* const> messages);
    /// Puts it there among what is sent next; false if there is none.
    bool prepare(Farewell& farewell, unsigned place);
    std::span<FencingEntry> fencing_entries() const {
        return {fencing_plan_->first(), fencing_plan_->fencing_entries};
    }

    FencingPlan* fencing_plan_;
    std::vector<Words> words_;  ///< by entry
    // Their memory is kept.
    std::vector<const FencingEntry*> given_up_;  ///< last
    std::vector<std::size_t> ordered_;           ///< entries of which the kernel is still to be told
    std::vector<Farewell*> farewells_;
    std::vector<iovec> buffers_;
    std::vector<mmsghdr> messages_;
};

}  // namespace vrrp_xdp::guardian

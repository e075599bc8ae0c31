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
    unsigned leases = 0;     ///< that were valid, and were ended
    unsigned farewells = 0;  ///< that left for them
};

class Fencer {
  public:
    /// Maps the fencing plan and every map of leases that it names, and takes all memory that it will need.
    /// Nothing if any of that fails; errno tells why.
    static std::optional<Fencer> make(int fencing_plan);

    std::uint64_t controller() const { return fencing_plan_->controller; }
    Nanoseconds heartbeat() const;

    /// Returns how long the controller has not moved; nothing before its first heartbeat: until its loop
    /// runs, how long that takes says nothing, and a lease that it was handed ends by itself.
    std::optional<Nanoseconds> silence() const;

    /// How long the controller may stay still before the first election is to be ended; nothing while none is
    /// Active that gains from it.
    std::optional<Nanoseconds> patience() const;

    /// Ends the leases of all elections whose patience is not more than this silence, then says farewell for
    /// those that were Active, one system call an interface.
    Outcome end_all(Nanoseconds silence);

  private:
    explicit Fencer(FencingPlan* fencing_plan) : fencing_plan_(fencing_plan) {}
    bool map_leases();
    unsigned send_farewells();
    /// Puts it there among what is sent next; false if there is none.
    bool prepare(Farewell& farewell, unsigned place);
    std::span<FencingEntry> fencing_entries() const {
        return {fencing_plan_->first(), fencing_plan_->fencing_entries};
    }

    FencingPlan* fencing_plan_;
    std::vector<__u64*> leases_;              ///< by entry
    std::vector<const FencingEntry*> ended_;  ///< its memory is kept, as that of the next ones
    std::vector<Farewell*> farewells_;
    std::vector<iovec> buffers_;
    std::vector<mmsghdr> messages_;
};

}  // namespace vrrp_xdp::guardian

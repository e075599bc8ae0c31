// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "engine/managed_interface.hpp"
#include "guardian/fencing_plan.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::engine {

/// The controller's side of the memory that it shares with its guardian.
class FencingPlan {
  public:
    /// Makes a plan with an entry for each Virtual Router of these. They do not know of it yet: see
    /// entries_of().
    static Result<FencingPlan> make(std::span<const ManagedInterface* const> interfaces);

    FencingPlan(FencingPlan&& other) noexcept;
    FencingPlan& operator=(FencingPlan&&) = delete;
    FencingPlan(const FencingPlan&) = delete;
    FencingPlan& operator=(const FencingPlan&) = delete;
    ~FencingPlan();

    /// Says that the controller is moving. One store.
    void beat(protocol::TimePoint now) noexcept;

    /// Returns what the guardian is given: this memory, maps of leases and stamps, sockets.
    std::vector<int> descriptors() const;
    int fd() const { return fd_.get(); }

    /// Returns the entries of one interface, by its place in the list given to make().
    std::span<guardian::FencingEntry> entries_of(std::size_t interface) const {
        return by_interface_[interface];
    }

  private:
    FencingPlan(UniqueFd fd, guardian::FencingPlan* shared) : fd_(std::move(fd)), shared_(shared) {}

    UniqueFd fd_;
    guardian::FencingPlan* shared_;
    std::vector<std::span<guardian::FencingEntry>> by_interface_;
};

/// Says which map and socket there are for each Virtual Router of the interface. No guardian knows of them
/// that was started before. fencing_entries: by router.
void write_entries(const ManagedInterface& interface, std::span<guardian::FencingEntry> fencing_entries);

/// Voids the entry of an election that is no longer ours. Makes no system call.
void void_entry(guardian::FencingEntry& entry) noexcept;

/// Removes the farewells of an election, which were sent. Its lease must still be ended. Makes no system
/// call.
void drop_farewells(guardian::FencingEntry& entry) noexcept;

/// Makes the packets the last words of the election. No system call.
void set_farewells(guardian::FencingEntry& entry, std::span<const net::Outgoing> packets) noexcept;

}  // namespace vrrp_xdp::engine

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "reconciler/items.hpp"
#include "reconciler/phase.hpp"
#include "status/model.hpp"

namespace vrrp_xdp::reconciler {

/// Compares what must be true of each interface in the kernel with what is: see items.hpp. What was learned
/// once is never taken for what is. For the ordinary thread.
class Reconciler {
  public:
    /// Constructs a reconciler. ask_again: makes the protocol thread read everything from the kernel.
    Reconciler(net::InterfaceMonitor kernel, std::function<void()> ask_again)
        : kernel_(std::move(kernel)), ask_again_(std::move(ask_again)) {}

    /// Returns a descriptor that is readable when the kernel has reported a change.
    int event_fd() const { return kernel_.event_fd(); }

    /// Returns the kernel's state at the last check.
    const net::InterfaceMonitor& kernel() const { return kernel_; }

    /// Looks at every item of every interface that the protocol thread has, and mends what can be mended in
    /// place. Of one that is suspended only what stands in the way is looked at.
    void look(const engine::ManagedInterfaces& interfaces, const PhaseOf& phase_of);

    /// Returns what is known about the drivers, to attach again.
    ProgramWatch& programs() { return programs_; }

    /// Returns why the interface must be attached again, at the last check; nothing if it need not.
    std::optional<std::string> reason_to_attach_again(std::uint32_t interface) const;

    /// Updates the host's addresses, right after an election has changed.
    void follow_addresses(const engine::ManagedInterface& interface) { addresses_.follow(interface); }

    /// Returns every item: its name, what must be true, what differs, and how often it was repaired.
    std::vector<status::ReconcilerItem> report(std::uint32_t interface) const;

  private:
    using Clock = std::chrono::steady_clock;
    struct Record {
        std::optional<std::string> differs{};
        Clock::time_point since{};
        bool told = false;
        unsigned mended = 0;
    };
    using Records = std::vector<Record>;  ///< by place in items()

    void ask_kernel();
    void look(const Item& item, Record& record, const ItemContext& sight);
    void mend(const Item& item, Record& record, const ItemContext& sight);

    net::InterfaceMonitor kernel_;
    Clock::time_point asked_{};  ///< the kernel, for everything
    net::JoinedGroups groups_;
    std::function<void()> ask_again_;
    LocalAddresses addresses_;
    ProgramWatch programs_;
    std::vector<Records> records_;  ///< by place of the interface
};

}  // namespace vrrp_xdp::reconciler

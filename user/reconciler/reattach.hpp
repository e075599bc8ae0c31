// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <set>
#include <vector>

#include "engine/managed_interface.hpp"
#include "engine/placement.hpp"
#include "reconciler/program_watch.hpp"
#include "reconciler/reconciler.hpp"

namespace vrrp_xdp::reconciler {

/// Mends what the reconciler says can be mended only by attaching again: interfaces that were made anew, are
/// in another place or have another's name by now, ports that lost their programs or pins, dead sockets. For
/// the ordinary thread, which must have an interface from the protocol thread, suspended, before it is
/// touched.
class Reattacher {
  public:
    explicit Reattacher(std::vector<engine::PortPlan> plans) : plans_(std::move(plans)) {}

    /// Those that have lost what they stand on since the last call, by their places in the list.
    std::vector<std::uint32_t> find_lost(const engine::ManagedInterfaces& interfaces,
                                         const Reconciler& reconciler);

    /// The protocol thread has let go of it.
    void note_suspended(std::uint32_t interface) { suspended_.insert(interface); }
    bool is_suspended(std::uint32_t interface) const { return suspended_.contains(interface); }
    /// Found lost, and not whole since; suspended or about to be.
    bool is_lost(std::uint32_t interface) const { return lost_.contains(interface); }

    /// After a reload: what to attach from now on.
    void set_plans(std::vector<engine::PortPlan> plans) { plans_ = std::move(plans); }

    /// Attaches whatever can be by now, and takes programs off a card that is another's or elsewhere. Returns
    /// those that are whole again and no longer suspended. kernel: as of now. programs: whether drivers run
    /// them.
    std::vector<std::uint32_t> attach_again(const engine::ManagedInterfaces& interfaces,
                                            const net::InterfaceMonitor& kernel, ProgramWatch& programs);

  private:
    bool is_in_use(const engine::ManagedInterfaces& interfaces, const dataplane::AttachedPort& port) const;
    static void leave_gone_port(const engine::ManagedInterfaces& interfaces,
                                const engine::ManagedInterface& one, const net::InterfaceMonitor& kernel);
    Result<bool> attach_again(const engine::ManagedInterfaces& interfaces, std::uint32_t index,
                              const net::InterfaceMonitor& kernel, ProgramWatch& programs);
    Result<net::Placement> place_anew(const engine::ManagedInterface& interface,
                                      const net::InterfaceMonitor& kernel);
    Result<void> enter_anew(const engine::ManagedInterfaces& interfaces, engine::ManagedInterface& interface);
    Result<void> attach_lost_port(const engine::ManagedInterfaces& interfaces,
                                  const engine::ManagedInterface& one, unsigned port_index,
                                  ProgramWatch& programs);
    engine::PortPlan& plan_of(const engine::ManagedInterface& interface);
    static std::vector<engine::PlacedInterface> placed_at(const engine::ManagedInterfaces& interfaces,
                                                          const engine::PortPlan& plan);
    void report(const std::string& interface, const Error& error);

    std::vector<engine::PortPlan> plans_;
    std::set<std::uint32_t> lost_;             ///< told by find_lost(), and not whole since
    std::set<std::uint32_t> suspended_;        ///< among them
    std::map<std::string, std::string> told_;  ///< the last error of each interface: it is told once
};

}  // namespace vrrp_xdp::reconciler

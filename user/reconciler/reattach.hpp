// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/managed_interface.hpp"
#include "engine/placement.hpp"
#include "reconciler/phase.hpp"
#include "reconciler/program_watch.hpp"
#include "reconciler/reconciler.hpp"

namespace vrrp_xdp::reconciler {

/// Mends what the reconciler says can be mended only by attaching again: interfaces that were created again,
/// are in another place or have another's name by now, ports that lost their programs or pins, dead sockets.
/// For the ordinary thread, which must have an interface from the protocol thread, suspended, before it is
/// touched.
class Reattacher {
  public:
    explicit Reattacher(std::vector<engine::PortPlan> plans) : plans_(std::move(plans)) {}

    /// Returns the places of the running interfaces that must be attached again, and logs why.
    static std::vector<std::uint32_t> find_lost(const engine::ManagedInterfaces& interfaces,
                                                const PhaseOf& phase_of, const Reconciler& reconciler);

    /// Sets the plans to attach from now on, after a reload.
    void set_plans(std::vector<engine::PortPlan> plans) { plans_ = std::move(plans); }

    /// Attaches a suspended one if that can be by now, and takes programs off a card that is another's or
    /// elsewhere. Returns whether it is whole again. kernel: as of now. programs: whether drivers run them.
    bool attach_again(const engine::ManagedInterfaces& interfaces, const PhaseOf& phase_of,
                      std::uint32_t index, const net::InterfaceMonitor& kernel, ProgramWatch& programs);

  private:
    static void leave_gone_port(const engine::ManagedInterfaces& interfaces,
                                const engine::ManagedInterface& one, const net::InterfaceMonitor& kernel);
    Result<bool> make_whole(const engine::ManagedInterfaces& interfaces, std::uint32_t index,
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
    std::map<std::string, std::string> told_;  ///< the last error of each interface: it is told once
};

}  // namespace vrrp_xdp::reconciler

// SPDX-License-Identifier: BSD-2-Clause
// From one configuration to the next, without a moment in which an election that stays is not served.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "daemon/port_handover.hpp"
#include "daemon/served_interfaces.hpp"
#include "engine/placement.hpp"
#include "engine/reconfiguration.hpp"
#include "reconciler/reattach.hpp"

namespace vrrp_xdp::daemon {

/// Interfaces by what becomes of them.
struct Differences {
    std::set<std::string> added;
    std::set<std::string> changed;
    std::set<std::string> removed;
    std::set<std::string> missing;  ///< to be attached to when they come

    bool empty() const { return added.empty() && changed.empty() && removed.empty(); }
};

/// Compares two configurations. running: null where no interface runs any more.
Differences compare(const config::Config& present, const config::Config& wanted,
                    const engine::ManagedInterfaces& running);

/// The ordinary thread's part of a reload. What takes its time is done before the protocol thread hears of
/// it; dropped before that, it leaves all as it was.
class Reload {
  public:
    /// Attaches, opens and enters what is new, beside what runs. Fails, without changing anything, if attach
    /// would fail, and for a changed interface that has lost its data plane. A missing interface is released
    /// if it runs, and otherwise does not begin.
    static Result<std::unique_ptr<Reload>> prepare(Differences differences, config::Config wanted,
                                                   dataplane::Mode mode, engine::OnMissing on_missing,
                                                   const ServedInterfaces& served);
    Reload(const Reload&) = delete;
    Reload& operator=(const Reload&) = delete;
    ~Reload();

    const Differences& differences() const { return differences_; }
    const std::vector<config::Interface>& missing() const { return missing_; }
    /// Returns the names of the interfaces that begin, in the order of take_beginning().
    std::vector<std::string> beginning() const;

    /// Returns the interfaces that begin, and those that replace others, before take_beginning().
    std::vector<engine::ManagedInterface*> prepared() const;

    /// Returns the interfaces that begin: add them after all others, before the protocol thread knows of
    /// them.
    engine::ManagedInterfaces take_beginning() { return std::exchange(additions_, {}); }

    /// Returns what the protocol thread must do; from then on, the reload must not be destroyed before
    /// finish().
    const engine::Reconfiguration& reconfiguration() const { return reconfiguration_; }

    /// Finishes after the protocol thread has done its part: updates the changed interfaces, the maps, and
    /// what is attached again from now on. Returns the new fencing plan.
    std::unique_ptr<engine::FencingPlan> finish(ServedInterfaces& served, reconciler::Reattacher& reattacher);

    const config::Config& wanted() const { return wanted_; }

  private:
    Reload(Differences differences, config::Config wanted)
        : differences_(std::move(differences)), wanted_(std::move(wanted)) {}
    void leave_out_missing(const engine::ManagedInterfaces& running);
    Result<void> check(const ServedInterfaces& served) const;
    Result<void> prepare_port(const engine::PortPlan& plan, const engine::ManagedInterfaces& running);
    Result<void> prepare_interfaces(const engine::PortPlan& plan, const engine::ManagedInterface& neighbour);
    Result<void> make_fencing_plan(const engine::ManagedInterfaces& running);
    bool concerns(const engine::PortPlan& plan, const engine::ManagedInterfaces& running) const;

    Differences differences_;
    config::Config wanted_;
    std::vector<engine::PortPlan> plans_;
    std::vector<config::Interface> missing_;
    std::vector<std::shared_ptr<dataplane::AttachedPort>>
        admitted_;  ///< ports that are neither settled nor abandoned
    std::vector<PortHandover> handovers_;
    engine::ManagedInterfaces replacements_;  ///< for those that run
    engine::ManagedInterfaces additions_;
    std::unique_ptr<engine::FencingPlan> fencing_plan_;
    engine::Reconfiguration reconfiguration_;
};

}  // namespace vrrp_xdp::daemon

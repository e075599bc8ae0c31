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

/// running: null where nobody runs any more.
Differences compare(const config::Config& present, const config::Config& wanted,
                    const engine::ManagedInterfaces& running);

/// The ordinary thread's part of a reload. What takes its time is done before the protocol thread hears of
/// it; dropped before that, it leaves all as it was.
class Reload {
  public:
    /// What is attached, opened and entered beside what runs. Fails, and then has changed nothing, for what
    /// attach would fail for, and for a changed interface that has just lost its data plane. One that is
    /// missing is released if it runs, and does not begin if it does not.
    static Result<std::unique_ptr<Reload>> prepare(Differences differences, config::Config wanted,
                                                   dataplane::Mode mode, engine::OnMissing on_missing,
                                                   const ServedInterfaces& served);
    Reload(const Reload&) = delete;
    Reload& operator=(const Reload&) = delete;
    ~Reload();

    const Differences& differences() const { return differences_; }
    const std::vector<config::Interface>& missing() const { return missing_; }
    /// The names of those that begin, in the order of take_beginning().
    std::vector<std::string> beginning() const;

    /// Those that begin, and those that are to take the place of others, before take_beginning().
    std::vector<engine::ManagedInterface*> prepared() const;

    /// Those that begin: their places are behind all others, before the protocol thread hears of them.
    engine::ManagedInterfaces take_beginning() { return std::exchange(additions_, {}); }

    /// What the protocol thread is to do, from which on it may not be dropped before finish().
    const engine::Reconfiguration& reconfiguration() const { return reconfiguration_; }

    /// After the protocol thread has done it: the interfaces that go on as others, the maps, and what is
    /// attached again from now on. Returns the fencing plan that is valid from now on.
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

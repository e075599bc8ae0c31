// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/load.hpp"
#include "control/control_socket.hpp"
#include "daemon/command_queue.hpp"
#include "daemon/guardian_supervisor.hpp"
#include "daemon/missing_interfaces.hpp"
#include "daemon/reload.hpp"
#include "daemon/served_interfaces.hpp"
#include "daemon/snapshots.hpp"
#include "daemon/trackers.hpp"
#include "engine/placement.hpp"
#include "hooks/hooks.hpp"
#include "reconciler/reattach.hpp"
#include "reporting/events.hpp"
#include "reporting/service_manager.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::daemon {

/// Where the configuration comes from, and how what it says is to be run.
struct ConfigurationSource {
    config::Source source;
    dataplane::Mode mode = dataplane::Mode::Auto;
    engine::OnMissing on_missing = engine::OnMissing::Wait;
};

/// Goes over to what the configuration says when somebody asks for that, and to interfaces that have come.
/// One at a time: see Reload. For the ordinary thread.
class Reloader {
  public:
    using Respond = control::ControlSocket::Respond;

    /// All of them outlive this.
    struct Parts {
        CommandQueue& commands;
        ServedInterfaces& served;
        MissingInterfaces& missing;
        Trackers& trackers;
        hooks::Hooks& hooks;
        GuardianSupervisor& guardian;
        reconciler::Reattacher& reattacher;
        Snapshots& snapshots;
        reporting::Events& events;
        const reporting::ServiceManager& manager;
        /// Opens the control socket of an interface.
        std::function<Result<std::unique_ptr<control::ControlSocket>>(std::uint32_t place,
                                                                      const std::string& name)>
            open_socket;
        /// Returns whether anything is currently being released; meanwhile, nothing else may begin.
        std::function<bool()> is_leaving;
    };

    /// Constructs a reloader. config: the configuration that runs.
    Reloader(Parts parts, config::Config config, ConfigurationSource from)
        : parts_(std::move(parts)), config_(std::move(config)), from_(std::move(from)) {}

    /// Reads the configuration and goes over to it. One that is asked for during another is done after it:
    /// the file may have changed since it was read.
    void reload(Respond answer);

    /// What runs, and what the configuration says now, both as YAML; or why a reload would be refused. For
    /// who wants to see a reload before it is done: nothing is changed.
    nlohmann::json preview() const;

    /// Whether the protocol thread is at it.
    bool is_under_way() const { return reload_ != nullptr; }

    /// Attaches to missing interfaces that have appeared, like a reload of an unchanged file. Detached
    /// interfaces stay detached. Retries after a while if that fails.
    void attach_to_arrived();

    /// Stops waiting for a missing interface.
    void drop_missing(const std::string& name);

    /// Finishes a reload that the protocol thread has applied.
    void finish();

  private:
    void go_over(const config::Config& wanted, const Respond& respond);
    /// Whether anything is left of the configuration that this instance is to run.
    Result<void> check_is_meant(const config::Config& wanted) const;
    Result<void> start(const Differences& differences, const config::Config& wanted);
    using Sockets = std::vector<std::unique_ptr<control::ControlSocket>>;
    Result<Sockets> open_sockets(const Reload& reload);
    void renew_hooks(const config::Config& wanted);
    config::Config without_detached() const;

    Parts parts_;
    config::Config config_;
    ConfigurationSource from_;
    std::unique_ptr<Reload> reload_;                        ///< while the protocol thread is at it
    Respond respond_;                                       ///< to who asked for that
    std::vector<Respond> next_;                             ///< who have asked since it began
    std::chrono::steady_clock::time_point next_attempt_{};  ///< to attach to one that has come
    std::string arrival_failure_;                           ///< as told last
};

}  // namespace vrrp_xdp::daemon

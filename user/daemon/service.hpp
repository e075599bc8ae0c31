// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "config/load.hpp"
#include "dataplane/attached_port.hpp"
#include "engine/placement.hpp"
#include "reporting/metrics_server.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::daemon {

struct ServiceOptions {
    dataplane::Mode mode = dataplane::Mode::Auto;
    engine::OnMissing on_missing = engine::OnMissing::Wait;
    std::optional<reporting::MetricsEndpoint> metrics;
    std::string version;          ///< of the program
    std::string state_directory;  ///< where its history is kept; empty for none
};

/// Attaches to every interface of the configuration, in place of an instance that runs there, and runs its
/// Virtual Routers until SIGTERM or SIGINT, or until the last interface was detached or handed over. Leaves
/// nothing attached or pinned, unless it is killed, but what it handed over. On SIGHUP, and where it is asked
/// to, it goes over to what the source says then. SIGUSR1 hands everything over to nobody: no farewell, and
/// an instance that starts before the leases run out goes on with them.
Result<void> serve(config::Config config, config::Source source, const ServiceOptions& options);

}  // namespace vrrp_xdp::daemon

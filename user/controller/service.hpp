// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "config/config.hpp"
#include "config/load.hpp"
#include "dataplane/port.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::controller {

/// Attaches to every interface of the configuration, in place of an instance that runs there, and runs its
/// Virtual Routers until SIGTERM or SIGINT, or until the last interface was detached or handed over. Leaves
/// nothing attached or pinned, unless it is killed, but what it handed over. On SIGHUP, and where it is asked
/// to, it goes over to what the source says then.
Result<void> serve(config::Config config, config::Source source, dataplane::Mode mode);

}  // namespace vrrp_xdp::controller

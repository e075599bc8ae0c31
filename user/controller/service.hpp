// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "config/config.hpp"
#include "dataplane/port.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::controller {

/// Attaches to every interface of the configuration and runs its Virtual Routers until SIGTERM or SIGINT, or
/// until the last interface was detached. Leaves nothing attached or pinned, unless it is killed.
Result<void> serve(const config::Config& config, dataplane::Mode mode);

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::cli {

/// What every instance of this network namespace says of its interfaces, and what dead ones left: sockets
/// that nobody answers, and pins of ports that nobody serves. A list, by name; "controller" is "running" or
/// "dead" (daemon/instance_status.hpp).
Result<nlohmann::json> look_at_interfaces();

/// The state of a Virtual Router, and "leaving" for an Active one that has said farewell.
std::string shown_state(const nlohmann::json& router);

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <string>

#include "cli/check_system.hpp"
#include "cli/exit_codes.hpp"

namespace vrrp_xdp::cli {

/// What the configurations of two routers disagree about. A file of them may be a keepalived.conf. config_id:
/// the router that lines of it with an @ are for.
ExitCode check_pair(const std::array<std::string, 2>& files, const std::string& config_id, Form form);

}  // namespace vrrp_xdp::cli

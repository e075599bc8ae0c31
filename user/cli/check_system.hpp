// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "cli/exit_codes.hpp"

namespace vrrp_xdp::cli {

enum class Form { Text, Json };

/// Says how this host and these interfaces are fit for vrrp-xdp, by default all Ethernet interfaces that are
/// up. Failed if there is a problem.
ExitCode check_system(std::vector<std::string> interfaces, Form form);

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
// What a reload would do, shown before it is done.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/check_system.hpp"
#include "cli/exit_codes.hpp"
#include "config/config.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::cli {

/// Everything that runs here, an interface for each instance.
Result<std::vector<std::string>> one_of_each_instance();

/// What a reload of the instance on the interface would do.
ExitCode show_reload(const std::string& interface, Form form);

/// What would change if the instance on the interface read this file.
ExitCode show_difference(const std::string& interface, const std::string& file, Form form);

}  // namespace vrrp_xdp::cli

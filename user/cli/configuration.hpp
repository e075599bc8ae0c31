// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace vrrp_xdp::cli {

/// Reads a configuration file, or says on standard error what is wrong with it: a mistake a line, and then
/// how many.
std::optional<config::Config> load_or_report(const std::string& file);

/// The same for mistakes that are told already, each with its file and place.
void report_mistakes(const std::string& file, const std::vector<std::string>& mistakes);

}  // namespace vrrp_xdp::cli

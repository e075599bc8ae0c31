// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/load.hpp"

namespace vrrp_xdp::cli {

/// Reads a configuration file, or says on standard error what is wrong with it: a mistake a line, and then
/// how many.
std::optional<config::Config> load_or_report(const std::string& file);

/// The same, with the places of all values.
std::optional<config::Loaded> load_with_origins_or_report(const std::string& file);

/// Says on standard error what is wrong with the file.
void report_mistakes(const std::string& file, const std::vector<config::Mistake>& mistakes);

/// The same for mistakes that are told already, each with its file and place.
void report_mistakes(const std::string& file, const std::vector<std::string>& mistakes);

}  // namespace vrrp_xdp::cli

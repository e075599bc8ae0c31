// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"

namespace vrrp_xdp::cli {

/// Reads a configuration file, or says on standard error what is wrong with it: a mistake a line, and then
/// how many.
std::optional<config::Config> load_or_report(const std::string& file);

}  // namespace vrrp_xdp::cli

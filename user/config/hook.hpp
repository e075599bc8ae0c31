// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <vector>

#include "config/command.hpp"
#include "config/mapping.hpp"
#include "config/trackers.hpp"

namespace vrrp_xdp::config {

inline constexpr CommandDefaults hook_defaults{.user = "root", .timeout = std::chrono::seconds(10)};

/// Returns the value of a mapping's key hooks; none if it has none.
std::vector<Hook> read_hooks(const Mapping& mapping, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

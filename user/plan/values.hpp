// SPDX-License-Identifier: BSD-2-Clause
// What a configuration says under each key, as text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "plan/plan.hpp"

namespace vrrp_xdp::plan {

/// Keys and their values, in the order in which they are shown.
using Values = std::vector<std::pair<std::string, std::string>>;

Values values_of(const config::VirtualRouter& router);

/// Of what no single Virtual Router has: trackers, by their names, hooks of all, startup-delay.
Values general_values_of(const config::Config& config);

/// "none" stands for what only one of both has. What is secret differs, and is not shown.
std::vector<Difference> differences_of(const Values& before, const Values& after);

}  // namespace vrrp_xdp::plan

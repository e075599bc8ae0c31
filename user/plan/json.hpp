// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>

#include "plan/plan.hpp"
#include "plan/text.hpp"

namespace vrrp_xdp::plan {

/// For a program: the same as the text.
nlohmann::json to_json(const Plan& plan, const Surroundings& surroundings);

}  // namespace vrrp_xdp::plan

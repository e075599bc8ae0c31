// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <vector>

#include "pair/findings.hpp"
#include "pair/side.hpp"

namespace vrrp_xdp::pair {

/// What two routers disagree about in a Virtual Router that both have.
void compare_routers(const Pair& pair, const std::array<Side, 2>& sides, std::vector<Finding>& findings);

}  // namespace vrrp_xdp::pair

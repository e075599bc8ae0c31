// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "pair/findings.hpp"
#include "pair/side.hpp"

namespace vrrp_xdp::pair {

/// Whether what moves together on one side does on the other. The names of groups need not be the same.
void compare_groups(const std::vector<Pair>& pairs, std::vector<Finding>& findings);

}  // namespace vrrp_xdp::pair

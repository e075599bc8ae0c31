// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>

#include "pair/findings.hpp"
#include "pair/side.hpp"

namespace vrrp_xdp::pair {

/// What the configurations of two routers of the same Virtual Routers disagree about. What may well differ
/// between them, such as trackers and hooks, is not compared.
Comparison compare(const std::array<Side, 2>& sides);

}  // namespace vrrp_xdp::pair

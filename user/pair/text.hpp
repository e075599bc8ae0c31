// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <string>

#include "pair/findings.hpp"

namespace vrrp_xdp::pair {

/// A line for each Virtual Router that both have: which of the two is Active.
std::string roles_of(const Comparison& comparison, const std::array<std::string, 2>& files);

/// What is wrong with what follows from it, and below it what each file says, with the place.
std::string text_of(const Finding& finding);

/// "2 mistakes and 1 warning: a.yaml against b.yaml", or that they agree.
std::string summary_of(const Comparison& comparison, const std::array<std::string, 2>& files);

}  // namespace vrrp_xdp::pair

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "pair/findings.hpp"

namespace vrrp_xdp::pair {

/// For a program. files: the names of both.
nlohmann::json to_json(const Comparison& comparison, const std::array<std::string, 2>& files);

}  // namespace vrrp_xdp::pair

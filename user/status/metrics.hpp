// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vrrp_xdp::status {

/// What `vrrp-xdp status --json` says of each interface, in the text format of Prometheus, version 0.0.4.
/// version: that of the program.
std::string metrics_of(const std::vector<nlohmann::json>& interfaces, const std::string& version);

}  // namespace vrrp_xdp::status

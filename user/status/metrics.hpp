// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "status/model.hpp"

namespace vrrp_xdp::status {

/// Returns the metrics of every running interface, in the text format of Prometheus, version 0.0.4. version:
/// that of the program.
std::string metrics_of(const std::vector<Interface>& interfaces, const std::string& version);

}  // namespace vrrp_xdp::status

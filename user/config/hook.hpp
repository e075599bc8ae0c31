// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "config/mapping.hpp"
#include "config/trackers.hpp"

namespace vrrp_xdp::config {

/// Returns the value of a mapping's key hooks; none if it has none.
std::vector<Hook> read_hooks(const Mapping& mapping, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "keepalived/import.hpp"

namespace vrrp_xdp::keepalived {

/// Returns the configuration as YAML text for `vrrp-xdp check`, with the remarks as comments at its top and
/// the vrrp_instance above each Virtual Router. heading: its first line.
std::string to_yaml(const Import& import, const std::string& heading);

}  // namespace vrrp_xdp::keepalived

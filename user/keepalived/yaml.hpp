// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "keepalived/import.hpp"

namespace vrrp_xdp::keepalived {

/// The configuration as the YAML text that `vrrp-xdp check` takes, with the remarks as comments at its top
/// and the vrrp_instance that it was above each Virtual Router. heading: its first line.
std::string to_yaml(const Import& import, const std::string& heading);

}  // namespace vrrp_xdp::keepalived

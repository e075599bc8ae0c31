// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"

namespace vrrp_xdp::cli {

/// Returns the keys of a Virtual Router that are not the default and have no column in `check`, as the file
/// spells them: "sub-centisecond", "minimum-ttl: 254".
std::vector<std::string> options_of(const config::Config& config, const config::VirtualRouter& router);

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"

namespace vrrp_xdp::cli {

/// What a Virtual Router has that is not the default and that no column of `check` shows, as the file spells
/// it: "sub-centisecond", "minimum-ttl: 254".
std::vector<std::string> options_of(const config::Config& config, const config::VirtualRouter& router);

}  // namespace vrrp_xdp::cli

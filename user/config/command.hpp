// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "config/mapping.hpp"
#include "config/trackers.hpp"

namespace vrrp_xdp::config {

/// What a file need not say of a command.
struct CommandDefaults {
    std::string_view user;
    protocol::Duration timeout;
};

/// Returns the keys command, user and timeout of a mapping; only usable if no mistake was found.
Command read_command(const Mapping& mapping, const CommandDefaults& defaults, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

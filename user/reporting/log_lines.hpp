// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <spdlog/common.h>

#include <optional>
#include <string>

#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"

namespace vrrp_xdp::reporting {

struct LogLine {
    spdlog::level::level_enum level;
    std::string text;
};

/// Returns a notice of the protocol thread in words that a person on call can act on; nothing for what only
/// concerns the threads. For the ordinary thread; reads only names and configuration of the interfaces.
std::optional<LogLine> log_line(const engine::Notice& notice, const engine::ManagedInterfaces& interfaces);

}  // namespace vrrp_xdp::reporting

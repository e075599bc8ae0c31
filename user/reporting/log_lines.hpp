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

/// What the protocol thread noticed, in words that a person on call can act on. Nothing for what is between
/// the threads alone. For the ordinary thread; of the interfaces it reads only names and configuration.
std::optional<LogLine> log_line(const engine::Notice& notice, const engine::ManagedInterfaces& interfaces);

}  // namespace vrrp_xdp::reporting

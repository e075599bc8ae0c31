// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

namespace vrrp_xdp::cli {

/// What every command of vrrp-xdp ends with.
enum class ExitCode {
    Done = 0,
    Failed = 1,            ///< while running
    WrongUsage = 2,        ///< of the command line
    BadConfiguration = 3,  ///< the configuration has mistakes; nothing was changed
    NotRunning = 4,        ///< no instance is running there
    LeftOut = 5,           ///< imported, but for some Virtual Routers
};

/// The same, for the foot of every --help.
constexpr std::string_view exit_code_help =
    "Exit codes:\n"
    "  0  done\n"
    "  1  failed while running\n"
    "  2  invalid command line\n"
    "  3  the configuration has mistakes; nothing was changed\n"
    "  4  no instance is running\n"
    "  5  imported, except some Virtual Routers\n";

}  // namespace vrrp_xdp::cli

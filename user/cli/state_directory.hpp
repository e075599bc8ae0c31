// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "support/state_directory.hpp"

namespace vrrp_xdp::cli {

/// The option of commands that read the history.
inline void add_state_directory(CLI::App& usage, std::string& directory) {
    directory = kStateRoot;
    usage.add_option("--state-directory", directory, "Where attach keeps the history")
        ->type_name("DIR")
        ->capture_default_str();
}

}  // namespace vrrp_xdp::cli

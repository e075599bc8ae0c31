// SPDX-License-Identifier: BSD-2-Clause
// From a keepalived.conf to a configuration of ours.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "config/config.hpp"
#include "directives/directive.hpp"
#include "directives/files.hpp"
#include "directives/source.hpp"

namespace vrrp_xdp::keepalived {

/// What became of a keepalived.conf.
struct Import {
    config::Config config;
    /// What each Virtual Router was, interface by interface in the order of the configuration.
    std::vector<std::vector<std::string>> origins;
    /// What is not carried over, or not quite the same, in the order of the file.
    std::vector<Remark> remarks;
};

/// Reads the file and those that it includes. config_id: the name that lines with an @ are for. Where the
/// file cannot be read, has mistakes of syntax, signs advertisements, or no vrrp_instance of it can be
/// carried over: why.
tl::expected<Import, std::vector<Remark>> import_file(const std::string& file, const std::string& config_id,
                                                      const Files& files, const Limits& limits = {});

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "directives/directive.hpp"
#include "directives/files.hpp"

namespace vrrp_xdp::keepalived {

/// How much is read: a definition may hold others and a file itself, so that a few lines can be as many as
/// one likes.
struct Limits {
    int files = 1024;
    /// Of all files together, with all that definitions and repetitions make of them.
    std::size_t bytes = std::size_t{4} << 20;
};

/// What a configuration file and those that it includes say.
struct Source {
    std::vector<Directive> directives;
    std::vector<Remark> remarks;  ///< what is worth a look and no mistake
};

/// Reads a keepalived.conf with all that it includes, as keepalived.conf(5) says under "Description" and
/// "Advanced configuration". config_id: the name that lines with an @ are for. Or every mistake, in the order
/// of reading.
tl::expected<Source, std::vector<Remark>> read_source(const std::string& file, const std::string& config_id,
                                                      const Files& files, const Limits& limits = {});

}  // namespace vrrp_xdp::keepalived

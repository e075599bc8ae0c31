// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "keepalived/directive.hpp"
#include "keepalived/files.hpp"

namespace vrrp_xdp::keepalived {

/// What a configuration file and those that it includes say.
struct Source {
    std::vector<Directive> directives;
    std::vector<Remark> remarks;  ///< what is worth a look and no mistake
};

/// Reads a keepalived.conf with all that it includes, as keepalived.conf(5) says under "Description" and
/// "Advanced configuration". config_id: the name that lines with an @ are for. Or every mistake, in the order
/// of reading.
tl::expected<Source, std::vector<Remark>> read_source(const std::string& file, const std::string& config_id,
                                                      const Files& files);

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"

namespace vrrp_xdp::config {

/// Comments of a Virtual Router, each behind the value of its key.
struct Comments {
    std::string vrid{};
    std::string priority{};  ///< with it even the default is written
};

/// A comment holds what a file said, and is of one line: what is not printable ASCII becomes a question mark.
std::string as_comment(const std::string& text);

/// Returns the YAML text that means this configuration, with nothing in it that is the default. comments: of
/// each Virtual Router, interface by interface, or none at all.
std::string to_yaml(const Config& config, const std::vector<std::vector<Comments>>& comments = {});

}  // namespace vrrp_xdp::config

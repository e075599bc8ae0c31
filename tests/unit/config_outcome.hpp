// SPDX-License-Identifier: BSD-2-Clause
// What the reader of configurations says of a text.
#pragma once

#include <string>

#include "config/load.hpp"

namespace vrrp_xdp::config {

/// Each mistake as "file:line:column: message", one to a line; "valid" if there is none.
inline std::string mistakes_in(const std::string& text) {
    const auto config = parse(text);
    if (config) return "valid";
    std::string result;
    for (const Mistake& mistake : config.error()) {
        if (!result.empty()) result += '\n';
        result += mistake.to_string("file");
    }
    return result;
}

/// The same, with an end to the last line too.
inline std::string reported(const std::string& text) {
    const std::string mistakes = mistakes_in(text);
    return mistakes == "valid" ? mistakes : mistakes + "\n";
}

}  // namespace vrrp_xdp::config

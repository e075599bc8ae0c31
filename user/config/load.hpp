// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "config/config.hpp"
#include "config/origin.hpp"

namespace vrrp_xdp::config {

/// One mistake in a file. Lines and columns count from 1; line 0 is the file as a whole.
struct Mistake {
    int line;
    int column;
    std::string message;  ///< what is wrong and what is allowed
    std::string file{};   ///< empty: the one that was named, and not one that it includes

    /// file:line:column: message. named: the file that was named.
    std::string to_string(const std::string& named) const;
};

/// A configuration, and where its values stand.
struct Loaded {
    Config config;
    Origins origins;
};

/// Reads a configuration file, or reports every mistake in it, in the order of their lines.
tl::expected<Loaded, std::vector<Mistake>> load_with_origins(const std::string& file);

/// The same without the places.
tl::expected<Config, std::vector<Mistake>> load(const std::string& file);

/// Where a configuration comes from, to be read again.
struct Source {
    std::string file;                     ///< an absolute path
    std::vector<std::string> interfaces;  ///< only these of the file; all of it if none is named
};

/// Reads the file, without the interfaces that were not selected. A selected interface that is missing is not
/// a mistake of the file.
tl::expected<Config, std::vector<Mistake>> load(const Source& source);

/// Reads a text.
tl::expected<Config, std::vector<Mistake>> parse(const std::string& text);

/// The same with the places. file: what they call it.
tl::expected<Loaded, std::vector<Mistake>> parse_with_origins(const std::string& text,
                                                              const std::string& file);

}  // namespace vrrp_xdp::config

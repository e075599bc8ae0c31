// SPDX-License-Identifier: BSD-2-Clause
// From a keepalived.conf to a configuration of ours.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "config/config.hpp"
#include "config/origin.hpp"
#include "directives/directive.hpp"
#include "directives/files.hpp"
#include "directives/source.hpp"
#include "keepalived/host.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// What a Virtual Router was.
struct Origin {
    std::string instance;          ///< its name and place
    std::string about_priority{};  ///< why that is not the one of the file, or nothing
    config::Origin places{};       ///< of its values
};

/// An instance that became no Virtual Router.
struct LeftOutInstance {
    std::string name;
    std::string why;  ///< in a few words
    Place place{};
};

/// What became of a keepalived.conf.
struct Import {
    config::Config config;
    /// What is said of each Virtual Router in a comment, interface by interface in the order of the
    /// configuration.
    std::vector<std::vector<Origin>> origins;
    /// What is not carried over, or not quite the same, the worst first.
    std::vector<Note> remarks;
    std::size_t instances = 0;              ///< of the file
    std::vector<LeftOutInstance> left_out;  ///< the instances that became no Virtual Router
};

/// Reads the file and those that it includes. config_id: the name that lines with an @ are for. Where the
/// file cannot be read, has mistakes of syntax, signs advertisements, or no vrrp_instance of it can be
/// carried over: why.
tl::expected<Import, std::vector<Remark>> import_file(const std::string& file, const std::string& config_id,
                                                      const Files& files, const Host& host,
                                                      const Limits& limits = {});

/// Returns how many instances were carried over, and which were not, in a line.
std::string summary_of(const Import& import);

}  // namespace vrrp_xdp::keepalived

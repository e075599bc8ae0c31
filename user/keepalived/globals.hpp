// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/alerts.hpp"
#include "keepalived/announcements.hpp"
#include "keepalived/host.hpp"
#include "keepalived/notes.hpp"
#include "protocol/advertisement.hpp"

namespace vrrp_xdp::keepalived {

/// What global_defs says of all instances, with keepalived's defaults.
struct Globals {
    protocol::Version version = protocol::Version::V2;
    bool is_strict = false;
    std::string script_user{};  ///< empty: keepalived's own choice
    bool has_script_security = false;
    const Host* host;  ///< that scripts and users are looked for on
    protocol::Duration startup_delay{};
    Garp garp{};
    Alerts alerts{};
};

/// Reads all global_defs blocks of a file.
Globals read_globals(const std::vector<Directive>& file, const Host& host, Notes& notes);

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
// keepalived's notify scripts as hooks.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "directives/directive.hpp"
#include "keepalived/globals.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// Whether the directive is one of notify, notify_master, notify_backup, notify_fault and notify_stop.
bool is_notify(const Directive& directive);

/// What notify scripts are told of whom: "INSTANCE" or "GROUP", and a name.
struct Subject {
    std::string kind;
    std::string name;
};

/// The hooks that run the scripts of a block when they were run, with the arguments that they had. Of two of
/// one name the first counts, and notify comes last, as in keepalived.
std::vector<config::Hook> hooks_of(const std::vector<Directive>& scripts, const Subject& subject,
                                   const Globals& globals, Notes& notes);

}  // namespace vrrp_xdp::keepalived

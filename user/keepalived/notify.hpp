// SPDX-License-Identifier: BSD-2-Clause
// keepalived's notify scripts as hooks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "directives/directive.hpp"
#include "keepalived/alerts.hpp"
#include "keepalived/globals.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// Returns whether the directive is notify, notify_master, notify_backup, notify_fault or notify_stop.
bool is_notify(const Directive& directive);

/// Returns the hooks that run the scripts of a block when they were run, with the arguments that they had,
/// and then those that mail and write to FIFOs. Of two scripts of one name the first counts, and notify comes
/// last, as in keepalived. mails: what the smtp_alert of the block says.
std::vector<config::Hook> hooks_of(const std::vector<Directive>& scripts, std::optional<bool> mails,
                                   const Subject& subject, const Globals& globals, Notes& notes);

}  // namespace vrrp_xdp::keepalived

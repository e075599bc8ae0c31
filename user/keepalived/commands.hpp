// SPDX-License-Identifier: BSD-2-Clause
// Scripts as keepalived runs them: without a shell, found by way of PATH.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/globals.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// The words of "script STRING" or "notify STRING [user [group]]" that are run; empty, after telling, if
/// there are none or too many.
std::vector<std::string> read_command(const Directive& directive, Notes& notes);

/// As whom a script runs. words: a user and maybe a group, which cannot be named here. Without them it is
/// script_user, or root, as where keepalived finds no user keepalived_script.
std::string read_user(const Place& place, std::string_view user, std::string_view group,
                      const Globals& globals, Notes& notes);

}  // namespace vrrp_xdp::keepalived

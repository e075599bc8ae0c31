// SPDX-License-Identifier: BSD-2-Clause
// Scripts as keepalived runs them: without a shell, found by way of PATH.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/globals.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// The words of a line such as "notify COMMAND [user [group]]", with quotes of both kinds resolved.
struct ScriptLine {
    std::vector<std::string> command;  ///< with what looks its program up
    std::string user{};                ///< empty: there is none
    std::string group{};
};

/// Reads the line of a script. Nothing, after telling, if there is no command, or it has too many words.
std::optional<ScriptLine> read_script_line(const Directive& directive, const Globals& globals, Notes& notes);

/// Returns as whom a script runs. user, group: what the script says itself; without them it is script_user,
/// or what keepalived takes without one. Nothing, after telling, where there is no such user or group:
/// keepalived does not run the script.
std::optional<std::string> read_user(const Place& place, const std::string& user, const std::string& group,
                                     const Globals& globals, Notes& notes);

/// Returns whether keepalived 2.2.7 finds the program: for another user than root, it does not look up one
/// without a path. Notes if not.
bool is_found(const ScriptLine& line, const std::string& user, const Place& place, Notes& notes);

}  // namespace vrrp_xdp::keepalived

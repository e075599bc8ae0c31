// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/commands.hpp"

#include <utility>

#include "config/text.hpp"
#include "directives/words.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;

constexpr std::size_t most_arguments = 250;
constexpr std::string_view lookup = "/usr/bin/env";

/// The command as it is run: keepalived gives "</dev/tcp/..." and the like to the shell, and all else to
/// execve().
std::vector<std::string> runnable(std::vector<std::string> command, const std::string& text) {
    if (command.front().front() == '<') return {"/bin/sh", "-c", text};
    if (command.front().front() != '/') command.insert(command.begin(), std::string(lookup));
    return command;
}

void tell_of_program(const Directive& directive, const std::string& program, const Globals& globals,
                     Notes& notes) {
    if (program.front() == '<' || globals.host->has_program(program)) return;
    notes.differs_once(
        directive.place,
        "there is no program " + quoted(program) +
            " on this host: keepalived ignores the script, but vrrp-xdp runs it and it fails each time");
}

std::optional<std::string> no_user(const Place& place, const std::string& what, Notes& notes) {
    notes.left_out(place, "the script", "keepalived also ignores it because there is no " + what);
    return std::nullopt;
}

}  // namespace

std::optional<ScriptLine> read_script_line(const Directive& directive, const Globals& globals, Notes& notes) {
    // keepalived takes the line apart, and then the word that is the command once more.
    const auto words = split_quoted(directive.text);
    const auto command = words && words->size() > 1 ? split_quoted((*words)[1]) : std::nullopt;
    if (!command || command->front().empty()) {
        notes.left_out(directive, "it does not name a program");
        return std::nullopt;
    }
    if (command->size() > most_arguments) {
        notes.left_out(directive, "it has more than 250 arguments; move them into a script");
        return std::nullopt;
    }
    tell_of_program(directive, command->front(), globals, notes);
    ScriptLine line{runnable(*command, (*words)[1])};
    if (words->size() > 2) line.user = (*words)[2];
    if (words->size() > 3) line.group = (*words)[3];
    return line;
}

std::optional<std::string> read_user(const Place& place, const std::string& user, const std::string& group,
                                     const Globals& globals, Notes& notes) {
    const Host& host = *globals.host;
    if (!user.empty()) {
        const std::string hint = " here: put a command with arguments into quotes";
        if (!host.has_user(user)) return no_user(place, "user " + quoted(user) + hint, notes);
        if (!group.empty() && !host.has_group(group))
            return no_user(place, "group " + quoted(group) + hint, notes);
        if (!group.empty() && group != user)
            notes.left_out(place, "group " + quoted(group), "a command runs with the groups of its user");
        return user;
    }
    if (!globals.script_user.empty()) {
        if (!host.has_user(globals.script_user))
            return no_user(place, "user " + quoted(globals.script_user) + " here, which is script_user",
                           notes);
        return globals.script_user;
    }
    const std::string own = "keepalived_script";
    if (host.has_user(own)) return own;
    if (globals.has_script_security)
        return no_user(place, "user " + quoted(own) + " here, and enable_script_security asks for one",
                       notes);
    notes.differs_once(place,
                       "scripts run as root, here and below, as keepalived does without a user "
                       "keepalived_script: set another `user` if they need fewer privileges");
    return "root";
}

bool is_found(const ScriptLine& line, const std::string& user, const Place& place, Notes& notes) {
    if (user == "root" || line.command.front() != lookup) return true;
    notes.left_out(
        place, "the script",
        "keepalived also ignores it because it looks up programs only for root: write the path of " +
            quoted(line.command.at(1)));
    return false;
}

}  // namespace vrrp_xdp::keepalived

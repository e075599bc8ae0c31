// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/commands.hpp"

#include <string_view>

#include "config/text.hpp"
#include "directives/words.hpp"

namespace vrrp_xdp::keepalived {
namespace {

constexpr std::size_t most_arguments = 250;

}  // namespace

std::vector<std::string> read_command(const Directive& directive, Notes& notes) {
    std::vector<std::string> command = split_command(directive.argument());
    if (command.empty() || command.front().empty()) {
        notes.left_out(directive, "it names no program");
        return {};
    }
    if (command.size() > most_arguments) {
        notes.left_out(directive, "it has more than 250 arguments; put them into a script");
        return {};
    }
    // keepalived gives "</dev/tcp/..." and the like to the shell, and all else to execve().
    if (command.front().front() == '<') return {"/bin/sh", "-c", std::string(directive.argument())};
    if (command.front().front() != '/') command.insert(command.begin(), "/usr/bin/env");
    return command;
}

std::string read_user(const Place& place, std::string_view user, std::string_view group,
                      const Globals& globals, Notes& notes) {
    if (!group.empty() && group != user)
        notes.left_out(place, "group " + config::quoted(group), "a command runs with the groups of its user");
    if (!user.empty()) return std::string(user);
    if (!globals.script_user.empty()) return globals.script_user;
    notes.differs_once(
        place,
        "scripts run as root, here and below, as under keepalived where there is no user keepalived_script: "
        "name another `user` where less will do");
    return "root";
}

}  // namespace vrrp_xdp::keepalived

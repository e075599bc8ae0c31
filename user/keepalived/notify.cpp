// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/notify.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "keepalived/commands.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using protocol::State;

// There is one state for both here, so the hook itself asks for the cause. The command is the shell's
// arguments and not its text.
constexpr std::string_view if_not_stopped = R"([ "$VRRP_XDP_CAUSE" = shutdown ] || exec "$0" "$@")";
constexpr std::string_view if_stopped = R"([ "$VRRP_XDP_CAUSE" != shutdown ] || exec "$0" "$@")";
// KIND NAME PROGRAM ARGUMENT...: with the four arguments that keepalived appends.
constexpr std::string_view with_arguments =
    R"(case $VRRP_XDP_STATE-$VRRP_XDP_CAUSE in active-*) state=MASTER ;; backup-*) state=BACKUP ;; )"
    R"(*-shutdown) state=STOP ;; *) state=FAULT ;; esac; )"
    R"(kind=$0 name=$1; shift; exec "$@" "$kind" "$name" "$state" "$VRRP_XDP_PRIORITY")";

struct Kind {
    std::string_view name;
    std::set<State> on;
    std::string_view shell;  ///< what runs the command, or nothing
};

const std::array<Kind, 5>& kinds() {
    static const std::array<Kind, 5> all = {{
        {"notify_master", {State::Active}, {}},
        {"notify_backup", {State::Backup}, {}},
        {"notify_fault", {State::Initialize}, if_not_stopped},
        {"notify_stop", {State::Initialize}, if_stopped},
        {"notify", {State::Active, State::Backup, State::Initialize}, with_arguments},
    }};
    return all;
}

std::vector<std::string> in_shell(const Kind& kind, const Subject& subject,
                                  std::vector<std::string> command) {
    if (kind.shell.empty()) return command;
    std::vector<std::string> arguments = {"/bin/sh", "-c", std::string(kind.shell)};
    if (kind.shell == with_arguments) arguments.insert(arguments.end(), {subject.kind, subject.name});
    std::move(command.begin(), command.end(), std::back_inserter(arguments));
    return arguments;
}

}  // namespace

bool is_notify(const Directive& directive) {
    return std::any_of(kinds().begin(), kinds().end(),
                       [&](const Kind& each) { return each.name == directive.name(); });
}

std::vector<config::Hook> hooks_of(const std::vector<Directive>& scripts, const Subject& subject,
                                   const Globals& globals, Notes& notes) {
    std::vector<config::Hook> hooks;
    for (const Kind& kind : kinds()) {
        bool is_first = true;
        for (const Directive& script : scripts) {
            if (script.name() != kind.name) continue;
            if (!std::exchange(is_first, false)) {
                notes.left_out(script, "keepalived ignores it too, as there is one before it");
                continue;
            }
            std::vector<std::string> command = read_command(script, notes);
            if (command.empty()) continue;
            notes.differs_once(script.place,
                               "a hook is ended after 10s, here and below: where that is too short, give it "
                               "another `timeout`");
            hooks.push_back({{in_shell(kind, subject, std::move(command)),
                              read_user(script.place, script.argument(1), script.argument(2), globals, notes),
                              std::chrono::seconds(10)},
                             kind.on});
        }
    }
    return hooks;
}

}  // namespace vrrp_xdp::keepalived

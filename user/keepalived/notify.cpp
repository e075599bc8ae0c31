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

struct Kind {
    std::string_view name;
    std::set<State> on;
    std::string_view helped{};  ///< what keepalived-notify is told, or nothing: the command needs no help
};

const std::array<Kind, 5>& kinds() {
    static const std::array<Kind, 5> all = {{
        {"notify_master", {State::Active}},
        {"notify_backup", {State::Backup}},
        {"notify_fault", {State::Initialize}, "fault"},
        {"notify_stop", {State::Initialize}, "stop"},
        {"notify", {State::Active, State::Backup, State::Initialize}, "notify"},
    }};
    return all;
}

/// packaging/keepalived-notify says what it does.
std::vector<std::string> with_helper(const std::string& helper, const Kind& kind, const Subject& subject,
                                     std::vector<std::string> command) {
    if (kind.helped.empty()) return command;
    std::vector<std::string> arguments = {helper, std::string(kind.helped)};
    if (kind.helped == "notify") arguments.insert(arguments.end(), {subject.kind, subject.name});
    std::move(command.begin(), command.end(), std::back_inserter(arguments));
    return arguments;
}

}  // namespace

bool is_notify(const Directive& directive) {
    return std::any_of(kinds().begin(), kinds().end(),
                       [&](const Kind& each) { return each.name == directive.name(); });
}

std::vector<config::Hook> hooks_of(const std::vector<Directive>& scripts, std::optional<bool> mails,
                                   const Subject& subject, const Globals& globals, Notes& notes) {
    std::vector<config::Hook> hooks;
    for (const Kind& kind : kinds()) {
        bool has_one = false;
        for (const Directive& script : scripts) {
            if (script.name() != kind.name) continue;
            if (has_one) {
                notes.left_out(script, "keepalived also ignores it because another one is defined before it");
                continue;
            }
            auto line = read_script_line(script, globals, notes);
            if (!line) continue;
            auto user = read_user(script.place, line->user, line->group, globals, notes);
            if (!user) continue;
            has_one = true;
            if (!is_found(*line, *user, script.place, notes)) continue;
            notes.differs_once(
                script.place,
                "a hook is killed after 10s, here and below: if that is too short, set its `timeout`");
            hooks.push_back({{with_helper(globals.host->helper(), kind, subject, std::move(line->command)),
                              std::move(*user), std::chrono::seconds(10)},
                             kind.on});
        }
    }
    const auto alerts = alerts_of(globals.alerts, mails, subject, globals.host->helper());
    hooks.insert(hooks.end(), alerts.begin(), alerts.end());
    return hooks;
}

}  // namespace vrrp_xdp::keepalived

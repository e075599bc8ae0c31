// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/alerts.hpp"

#include <chrono>
#include <set>
#include <string_view>

#include "directives/numbers.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using protocol::State;

void read_fifo(const Directive& directive, Alerts& alerts, Notes& notes) {
    const std::string path(directive.argument());
    if (!path.starts_with('/')) return notes.left_out(directive, "it must be an absolute path");
    alerts.fifos.push_back(path);
    if (!directive.argument(1).empty())
        notes.left_out(directive.place, "the user of the FIFO",
                       "a hook creates it for root only if it does not exist; create it yourself before");
    notes.differs(
        directive.place,
        "hooks write to the FIFO, which must have a reader: what is written without a reader is lost");
}

config::Hook hook_of(std::vector<std::string> arguments, std::set<State> on) {
    return {{std::move(arguments), "root", std::chrono::seconds(10)}, std::move(on)};
}

}  // namespace

bool read_alert(const Directive& directive, Alerts& alerts, Notes& notes) {
    const std::string_view name = directive.name();
    if (name == "notification_email") {
        for (const Directive& line : directive.children) alerts.mail_to.push_back(line.name());
    } else if (name == "notification_email_from") {
        alerts.mail_from = directive.argument();
    } else if (name == "smtp_server") {
        alerts.has_server = true;
        notes.differs(directive.place,
                      "mail is passed to this host's /usr/sbin/sendmail, not to a server: install one that "
                      "forwards mail by itself, such as msmtp-mta, because the service gains no privileges "
                      "from a set-user-ID program");
    } else if (name == "no_email_faults") {
        alerts.tells_of_faults = false;
    } else if (name == "smtp_alert") {
        alerts.mails = flag_in(directive.argument());
    } else if (name == "smtp_alert_vrrp") {
        alerts.mails_of_vrrp = flag_in(directive.argument());
    } else if (name == "notify_fifo" || name == "vrrp_notify_fifo") {
        read_fifo(directive, alerts, notes);
    } else {
        return false;
    }
    return true;
}

std::vector<config::Hook> alerts_of(const Alerts& alerts, std::optional<bool> mails, const Subject& subject,
                                    const std::string& helper) {
    std::vector<config::Hook> hooks;
    std::set<State> on = {State::Active, State::Backup, State::Initialize};
    for (const std::string& fifo : alerts.fifos)
        hooks.push_back(hook_of({helper, "fifo", subject.kind, subject.name, fifo}, on));

    const auto of_all = alerts.mails_of_vrrp ? alerts.mails_of_vrrp : alerts.mails;
    if (!mails.value_or(of_all.value_or(false)) || !alerts.has_server || alerts.mail_to.empty()) return hooks;
    if (!alerts.tells_of_faults) on.erase(State::Initialize);
    std::vector<std::string> arguments = {helper, "mail", subject.kind, subject.name,
                                          alerts.mail_from.empty() ? "keepalived" : alerts.mail_from};
    arguments.insert(arguments.end(), alerts.mail_to.begin(), alerts.mail_to.end());
    hooks.push_back(hook_of(std::move(arguments), std::move(on)));
    return hooks;
}

}  // namespace vrrp_xdp::keepalived

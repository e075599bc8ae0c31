// SPDX-License-Identifier: BSD-2-Clause
// What keepalived tells others of transitions by itself: mails, and lines of FIFOs. Here hooks do it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "directives/directive.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// What global_defs says of it.
struct Alerts {
    std::vector<std::string> mail_to{};
    std::string mail_from{};
    bool has_server = false;  ///< without one keepalived sends no mail
    bool tells_of_faults = true;
    std::optional<bool> mails{};          ///< smtp_alert
    std::optional<bool> mails_of_vrrp{};  ///< smtp_alert_vrrp, which counts before it
    std::vector<std::string> fifos{};
};

/// What the hooks of a Virtual Router or a group get as its name: "INSTANCE" or "GROUP", and a name.
struct Subject {
    std::string kind;
    std::string name;
};

/// Reads a directive of global_defs. False if it is about something else.
bool read_alert(const Directive& directive, Alerts& alerts, Notes& notes);

/// Returns the hooks that mail and write. mails: what the smtp_alert of the instance or the group says.
/// helper: where keepalived-notify is.
std::vector<config::Hook> alerts_of(const Alerts& alerts, std::optional<bool> mails, const Subject& subject,
                                    const std::string& helper);

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/globals.hpp"

#include <chrono>
#include <string_view>

#include "config/text.hpp"
#include "directives/numbers.hpp"
#include "keepalived/left_out.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using protocol::Version;

void read_version(const Directive& directive, Globals& globals, Notes& notes) {
    const auto version = leading_number(directive.argument(), 2, 3);
    if (!version) return notes.left_out(directive, "it must be 2 or 3, and is 2, as in keepalived");
    globals.version = *version == 2 ? Version::V2 : Version::V3;
}

/// Whatever stands behind it.
void read_strict(const Directive& /*directive*/, Globals& globals, Notes& /*notes*/) {
    globals.is_strict = true;
}

void read_script_user(const Directive& directive, Globals& globals, Notes& notes) {
    globals.script_user = directive.argument();
    if (!directive.argument(1).empty() && directive.argument(1) != directive.argument())
        notes.left_out(directive.place, "group " + config::quoted(directive.argument(1)),
                       "a command runs with the groups of its user");
}

void read_startup_delay(const Directive& directive, Globals& globals, Notes& notes) {
    const auto delay = seconds_in(directive.argument(), {}, std::chrono::hours(1));
    if (!delay) return notes.left_out(directive, "it must be a number of seconds from 0 to 3600");
    globals.startup_delay = std::chrono::round<std::chrono::milliseconds>(*delay);
}

void read_script_security(const Directive& /*directive*/, Globals& globals, Notes& /*notes*/) {
    globals.has_script_security = true;
}

using Reader = void (*)(const Directive&, Globals&, Notes&);

struct Known {
    std::string_view name;
    Reader read;
};

constexpr Known known[] = {
    {"vrrp_version", read_version},
    {"vrrp_strict", read_strict},
    {"script_user", read_script_user},
    {"vrrp_startup_delay", read_startup_delay},
    {"enable_script_security", read_script_security},
};

void read_global(const Directive& directive, Globals& globals, Notes& notes) {
    for (const Known& each : known) {
        if (each.name == directive.name()) return each.read(directive, globals, notes);
    }
    if (!read_garp(directive, globals.garp, notes) && !read_alert(directive, globals.alerts, notes))
        tell_left_out(directive, Scope::Globals, notes);
}

}  // namespace

Globals read_globals(const std::vector<Directive>& file, const Host& host, Notes& notes) {
    Globals globals{.host = &host};
    for (const Directive& block : file) {
        if (block.name() != "global_defs") continue;
        for (const Directive& directive : block.children) read_global(directive, globals, notes);
    }
    return globals;
}

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/announcements.hpp"

#include <string_view>

#include "directives/numbers.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using std::chrono::seconds;

constexpr seconds default_delay{5};

std::optional<seconds> read_seconds(const Directive& directive, Notes& notes) {
    constexpr std::int64_t most = 3600;
    const auto number = leading_number(directive.argument(), 0, most);
    if (number) return seconds(*number);
    notes.left_out(directive, "it must be a number of seconds from 0 to 3600");
    return std::nullopt;
}

}  // namespace

bool read_garp(const Directive& directive, Garp& garp, Notes& notes) {
    std::string_view name = directive.name();
    if (name.starts_with("vrrp_")) name.remove_prefix(5);
    if (name == "garp_master_delay") {
        garp.delay = read_seconds(directive, notes);
    } else if (name == "garp_master_refresh") {
        garp.refresh = read_seconds(directive, notes);
    } else if (name == "min_garp") {
        // It leaves alone what is not the default.
        if (flag_in(directive.argument()).value_or(false) &&
            garp.delay.value_or(default_delay) == default_delay)
            garp.delay = seconds(0);
    } else if (name == "garp_master_repeat" || name == "garp_master_refresh_repeat") {
        notes.left_out(
            directive,
            "each time one is sent for each address, and not many at once; `announcements` says how often");
    } else {
        return false;
    }
    return true;
}

config::Announcements announcements_of(const Garp& instance, const Garp& globals) {
    config::Announcements announcements{};
    const seconds delay = instance.delay ? *instance.delay : globals.delay.value_or(default_delay);
    announcements.repeat = delay.count() == 0 ? 0 : 1;
    if (delay.count() != 0) announcements.repeat_after = delay;
    const seconds refresh = instance.refresh ? *instance.refresh : globals.refresh.value_or(seconds(0));
    if (refresh.count() != 0) announcements.refresh = refresh;
    return announcements;
}

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/announcements.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "config/text.hpp"
#include "directives/numbers.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using std::chrono::seconds;

constexpr seconds default_delay{5};

std::optional<seconds> read_seconds(const Directive& directive, Notes& notes) {
    constexpr std::int64_t most = 3600;
    const auto number = leading_number(directive.argument(), 0, most);
    if (number) return seconds(*number);
    notes.left_out(directive, "it must be a number of seconds from 0 to 3600");
    return std::nullopt;
}

/// What keepalived sends beyond this in one go is left out: hosts and switches drop most of it.
constexpr unsigned most_at_once = 10;

std::optional<unsigned> read_burst(const Directive& directive, Notes& notes) {
    constexpr std::int64_t most = 1'000'000;
    const auto number = leading_number(directive.argument(), 0, most);
    if (!number) {
        notes.left_out(directive, "it must be a number from 0 to 1000000");
        return std::nullopt;
    }
    if (*number > most_at_once)
        notes.differs(directive.place, quoted(directive.name()) + " is " + std::to_string(most_at_once) +
                                           ", and not " + std::to_string(*number) +
                                           ": more at once are dropped by hosts and switches");
    // keepalived takes 0 for 1.
    return static_cast<unsigned>(std::clamp<std::int64_t>(*number, 1, most_at_once));
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
    } else if (name == "garp_master_repeat") {
        garp.burst = read_burst(directive, notes);
    } else if (name == "garp_master_refresh_repeat") {
        notes.left_out(directive,
                       "`burst` of `announcements` sets how many are sent at once, for a refresh as well");
    } else {
        return false;
    }
    return true;
}

config::Announcements announcements_of(const Garp& instance, const Garp& globals) {
    config::Announcements announcements{};
    announcements.burst = instance.burst.value_or(globals.burst.value_or(announcements.burst));
    const seconds delay = instance.delay ? *instance.delay : globals.delay.value_or(default_delay);
    announcements.repeat = delay.count() == 0 ? 0 : 1;
    if (delay.count() != 0) announcements.repeat_after = delay;
    const seconds refresh = instance.refresh ? *instance.refresh : globals.refresh.value_or(seconds(0));
    if (refresh.count() != 0) announcements.refresh = refresh;
    return announcements;
}

}  // namespace vrrp_xdp::keepalived

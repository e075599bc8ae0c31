// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/instance.hpp"

#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "config/values.hpp"
#include "keepalived/left_out.hpp"
#include "keepalived/notify.hpp"
#include "keepalived/numbers.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using protocol::Priority;
using protocol::Version;
using protocol::Vrid;

/// "it must be <allowed>, not <what is there>"
void refuse(const Directive& directive, std::string_view allowed, Notes& notes) {
    std::string why = "it must be ";
    why += allowed;
    notes.left_out(directive, why + ", not " + quoted(directive.argument()));
}

void read_interface(const Directive& directive, Instance& instance, Notes& notes) {
    std::string name(directive.argument());
    if (!config::interface_name_form.parse({name}))
        return refuse(directive, "the name of an interface", notes);
    instance.interface = {std::move(name), directive.place};
}

void read_vrid(const Directive& directive, Instance& instance, Notes& notes) {
    const auto number = number_in(directive.argument());
    const auto vrid = number ? Vrid::from(*number) : std::nullopt;
    if (!vrid) return refuse(directive, "a number from 1 to 255", notes);
    instance.vrid = {*vrid, directive.place};
}

void read_priority(const Directive& directive, Instance& instance, Notes& notes) {
    const auto number = number_in(directive.argument());
    const auto priority = number ? Priority::from(*number) : std::nullopt;
    if (!priority) return refuse(directive, "a number from 1 to 255 and is 100, as in keepalived", notes);
    instance.priority = {*priority, directive.place};
}

void read_version(const Directive& directive, Instance& instance, Notes& notes) {
    const std::string_view version = directive.argument();
    if (version != "2" && version != "3") return refuse(directive, "2 or 3", notes);
    instance.version = {version == "2" ? Version::V2 : Version::V3, directive.place};
}

void read_interval(const Directive& directive, Instance& instance, Notes& notes) {
    const auto interval = seconds_in(directive.argument());
    if (!interval) return refuse(directive, "a number of seconds and is 1, as in keepalived", notes);
    instance.interval = {*interval, directive.place};
}

void read_state(const Directive& directive, Instance& instance, Notes& notes) {
    const std::string_view state = directive.argument();
    if (state != "MASTER" && state != "BACKUP") return refuse(directive, "MASTER or BACKUP", notes);
    instance.starts_as_master = state == "MASTER";
}

void read_preempt(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.no_preempt = directive.name() == "nopreempt" ? std::optional(directive.place) : std::nullopt;
}

void read_preempt_delay(const Directive& directive, Instance& instance, Notes& notes) {
    const auto delay = delay_in(directive.argument());
    if (!delay) return refuse(directive, "a number of seconds from 0 to 1000", notes);
    instance.preempt_delay = {*delay, directive.place};
}

void read_addresses(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.addresses.insert(instance.addresses.end(), directive.children.begin(), directive.children.end());
}

void read_peers(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.peers.insert(instance.peers.end(), directive.children.begin(), directive.children.end());
}

void read_authentication(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.authentication.push_back(directive);
}

void read_use_vmac(const Directive& directive, Instance& instance, Notes& notes) {
    instance.use_vmac = true;
    for (const std::string& word : directive.words) {
        if (word.find(':') != std::string::npos)
            notes.left_out(directive.place, "MAC " + quoted(word),
                           "the virtual MAC is that of RFC 9568 section 7.3");
    }
}

void read_source(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.source = directive;
}

void read_accept(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.accept = directive.name() == "accept";
}

void read_strict(const Directive& directive, Instance& instance, Notes& notes) {
    instance.strict = flag_in(directive.argument());
    if (!instance.strict) refuse(directive, "on or off", notes);
}

using Reader = void (*)(const Directive&, Instance&, Notes&);

struct Known {
    std::string_view name;
    Reader read;
};

constexpr Known known[] = {
    {"interface", read_interface},
    {"virtual_router_id", read_vrid},
    {"priority", read_priority},
    {"version", read_version},
    {"advert_int", read_interval},
    {"state", read_state},
    {"nopreempt", read_preempt},
    {"preempt", read_preempt},
    {"virtual_ipaddress", read_addresses},
    {"use_vmac", read_use_vmac},
    {"accept", read_accept},
    {"no_accept", read_accept},
    {"strict_mode", read_strict},
    {"unicast_peer", read_peers},
    {"unicast_src_ip", read_source},
    {"mcast_src_ip", read_source},
    {"preempt_delay", read_preempt_delay},
    {"authentication", read_authentication},
};

void read_directive(const Directive& directive, Instance& instance, Notes& notes) {
    for (const Known& each : known) {
        if (each.name == directive.name()) return each.read(directive, instance, notes);
    }
    if (is_notify(directive)) {
        instance.notify.push_back(directive);
    } else if (const auto tracked = tracked_by(directive)) {
        for (const Directive& line : directive.children) instance.tracks.push_back({*tracked, line});
    } else if (!read_garp(directive, instance.garp, notes)) {
        tell_left_out(directive, Scope::Instance, notes);
    }
}

}  // namespace

Instance read_instance(const Directive& block, Notes& notes) {
    Instance instance{std::string(block.argument()), block.place};
    for (const Directive& directive : block.children) read_directive(directive, instance, notes);
    return instance;
}

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/instance.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "config/values.hpp"
#include "directives/numbers.hpp"
#include "keepalived/addresses.hpp"
#include "keepalived/left_out.hpp"
#include "keepalived/notify.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using protocol::Duration;
using protocol::Family;
using protocol::IpAddress;
using protocol::Priority;
using protocol::Version;
using protocol::Vrid;
using std::chrono::milliseconds;
using std::chrono::seconds;

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
    instance.priority = {priority.value_or(*Priority::from(100)), directive.place};
    if (!priority) refuse(directive, "a number from 1 to 255 and is 100, as in keepalived", notes);
}

/// The first one counts, and IPv6 has version 3 only.
void read_version(const Directive& directive, Instance& instance, Notes& notes) {
    const auto number = leading_number(directive.argument(), 2, 3);
    if (!number) return refuse(directive, "2 or 3", notes);
    const Version version = *number == 2 ? Version::V2 : Version::V3;
    if (instance.version && instance.version->value != version)
        return notes.left_out(directive, "keepalived also ignores it because the version is set before it");
    if (version == Version::V2 && instance.family == Family::Ipv6)
        return notes.left_out(directive, "keepalived also ignores it because IPv6 only has version 3");
    instance.version = {version, directive.place};
}

void read_interval(const Directive& directive, Instance& instance, Notes& notes) {
    const auto interval = seconds_in(directive.argument(), milliseconds(10), seconds(255));
    if (!interval)
        return refuse(directive, "a number of seconds from 0.01 to 255 and is left alone, as in keepalived",
                      notes);
    instance.interval = {*interval, directive.place};
}

void read_state(const Directive& directive, Instance& instance, Notes& notes) {
    const std::string_view state = directive.argument();
    if (state == "BACKUP" && instance.starts_as_master.value_or(false))
        return notes.left_out(directive, "keepalived also ignores it because state MASTER is set before it");
    instance.starts_as_master = state == "MASTER";
    if (state != "MASTER" && state != "BACKUP")
        refuse(directive, "MASTER or BACKUP and is BACKUP, as in keepalived", notes);
}

void read_preempt(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.no_preempt = directive.name() == "nopreempt" ? std::optional(directive.place) : std::nullopt;
}

void read_preempt_delay(const Directive& directive, Instance& instance, Notes& notes) {
    const auto delay = seconds_in(directive.argument(), {}, seconds(1000));
    const auto rounded = std::chrono::round<milliseconds>(delay.value_or(Duration()));
    instance.preempt_delay = {rounded, directive.place};
    if (!delay)
        return refuse(directive, "a number of seconds from 0 to 1000 and is 0, as in keepalived", notes);
    if (rounded != *delay) notes.differs(directive.place, "preempt_delay is rounded to a millisecond");
}

/// The family of an address, be it with a prefix or, of a peer, a range behind it.
std::optional<Family> family_of(std::string_view text, std::string_view ends) {
    const auto address = IpAddress::parse(text.substr(0, text.find_first_of(ends)));
    return address ? std::optional(address->family()) : std::nullopt;
}

/// Whether the address that the line is about is of the instance's family, which is that of its first one.
/// Else keepalived ignores the line, which is told.
bool has_family(const Directive& line, std::optional<Family> family, Instance& instance, Notes& notes) {
    if (!family) {
        notes.left_out(line, "keepalived also ignores it because it is not an IP address");
        return false;
    }
    if (!instance.family) instance.family = family;
    if (*instance.family == *family) return true;
    notes.left_out(line,
                   "keepalived also ignores it because the first address is of the other family; define "
                   "another Virtual Router for it, which can have the same VRID");
    return false;
}

void read_addresses(const Directive& directive, Instance& instance, Notes& notes) {
    for (const Directive& line : directive.children) {
        if (const std::string_view why = objection_of_keepalived(line); !why.empty())
            notes.left_out(line, why);
        else if (has_family(line, family_of(line.name(), "/"), instance, notes))
            instance.addresses.push_back(line);
    }
}

void read_excluded(const Directive& directive, Instance& instance, Notes& notes) {
    for (const Directive& line : directive.children) {
        if (const std::string_view why = objection_of_keepalived(line); !why.empty())
            notes.left_out(line, why);
        else
            instance.excluded.push_back(line);
    }
}

void read_peers(const Directive& directive, Instance& instance, Notes& notes) {
    instance.is_unicast = true;
    if (!instance.unicast_peer) instance.unicast_peer = directive.place;
    for (const Directive& line : directive.children) {
        if (has_family(line, family_of(line.name(), "-/"), instance, notes)) instance.peers.push_back(line);
    }
}

void read_native_ipv6(const Directive& directive, Instance& instance, Notes& notes) {
    if (instance.family == Family::Ipv4)
        return notes.left_out(directive,
                              "keepalived also ignores it because the first address is an IPv4 address");
    instance.family = Family::Ipv6;
    instance.version = {Version::V3, directive.place};
}

/// Tells what else is for unicast alone, which is left out.
void read_unicast(const Directive& directive, Instance& instance, Notes& notes) {
    instance.is_unicast = true;
    tell_left_out(directive, Scope::Instance, notes);
}

void read_old_checksum(const Directive& directive, Instance& instance, Notes& notes) {
    instance.is_unicast = true;
    if (directive.argument() == "never") return;
    notes.disagrees(
        directive.place,
        "\"old_unicast_checksum\" is not carried over: peers older than keepalived 1.3.6 drop advertisements "
        "with a version 3 checksum, so that both would be Active; upgrade them first");
}

void read_checksum(const Directive& /*directive*/, Instance& instance, Notes& /*notes*/) {
    instance.checksum = config::Checksum::MessageOnly;
}

/// Sets the family even where it is left out.
void read_group(const Directive& directive, Instance& instance, Notes& notes) {
    const auto family = family_of(directive.argument(), "-/");
    if (family && !instance.family) instance.family = family;
    tell_left_out(directive, Scope::Instance, notes);
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

void read_source(const Directive& directive, Instance& instance, Notes& notes) {
    if (directive.name() == "unicast_src_ip") instance.is_unicast = true;
    if (has_family(directive, family_of(directive.argument(), "-/"), instance, notes))
        instance.source = directive;
    else if (family_of(directive.argument(), "-/"))
        instance.source.reset();
}

void read_accept(const Directive& directive, Instance& instance, Notes& /*notes*/) {
    instance.accept = directive.name() == "accept";
}

void read_strict(const Directive& directive, Instance& instance, Notes& notes) {
    const auto strict = flag_in(directive.argument());
    if (!strict) return refuse(directive, "on or off", notes);
    instance.strict = strict;
}

void read_mails(const Directive& directive, Instance& instance, Notes& notes) {
    instance.mails = flag_in(directive.argument());
    if (!instance.mails) refuse(directive, "on or off", notes);
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
    {"virtual_ipaddress_excluded", read_excluded},
    {"use_vmac", read_use_vmac},
    {"accept", read_accept},
    {"no_accept", read_accept},
    {"strict_mode", read_strict},
    {"unicast_peer", read_peers},
    {"unicast_src_ip", read_source},
    {"mcast_src_ip", read_source},
    {"preempt_delay", read_preempt_delay},
    {"authentication", read_authentication},
    {"native_ipv6", read_native_ipv6},
    {"check_unicast_src", read_unicast},
    {"unicast_fault_no_peer", read_unicast},
    {"old_unicast_checksum", read_old_checksum},
    {"v3_checksum_as_v2", read_checksum},
    {"mcast_dst_ip", read_group},
    {"smtp_alert", read_mails},
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

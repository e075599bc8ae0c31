// SPDX-License-Identifier: BSD-2-Clause
#include "config/tracker.hpp"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "config/command.hpp"
#include "config/keys.hpp"
#include "config/text.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::IpAddress;
using std::chrono::seconds;

/// What a tracker watches is told by the one of these keys that it has, and the others that may stand beside
/// it.
struct Kind {
    std::string_view key;
    std::array<std::string_view, 5> options;
};
constexpr std::array<Kind, 5> kinds = {{
    {"interface", {}},
    {"route", {"table"}},
    {"command", {"interval", "timeout", "rise", "fall", "user"}},
    {"process", {"interval"}},
    {"file", {"interval"}},
}};
constexpr std::string_view tracker_allowed =
    "a mapping with one of interface, route, command, process and file";

// A check needs no more than to look.
constexpr CommandDefaults command_defaults{.user = "nobody", .timeout = seconds(1)};
constexpr protocol::Duration default_interval = seconds(1);

struct Prefix {
    IpAddress address;
    unsigned length;
};

tl::unexpected<std::string> refused(std::string why = {}) {
    return tl::unexpected<std::string>(std::move(why));
}

bool has_host_bits(const IpAddress& address, unsigned length) {
    const auto bytes = address.bytes();
    for (unsigned bit = length; bit < bytes.size() * 8; ++bit)
        if ((bytes[bit / 8] & (0x80U >> (bit % 8))) != 0) return true;
    return false;
}

Parsed<Prefix> parse_prefix(const Scalar& scalar) {
    const std::size_t slash = scalar.text.find('/');
    if (slash == std::string::npos) return refused("a prefix length is missing");
    const auto address = IpAddress::parse(scalar.text.substr(0, slash));
    if (!address) return refused();
    const auto most = static_cast<std::int64_t>(address->bytes().size() * 8);
    const auto length = parse_number_between({scalar.text.substr(slash + 1)}, 0, most);
    if (!length) return refused();
    const auto bits = static_cast<unsigned>(*length);
    if (has_host_bits(*address, bits)) return refused("bits are set beyond the prefix length");
    return Prefix{*address, bits};
}
const Form<Prefix> prefix_form{"a prefix such as 0.0.0.0/0 or 2001:db8::/32", parse_prefix};

Parsed<std::uint32_t> parse_table(const Scalar& scalar) {
    return parse_number_between(scalar, 1, std::numeric_limits<std::uint32_t>::max())
        .map([](std::int64_t number) { return static_cast<std::uint32_t>(number); });
}
const Form<std::uint32_t> table_form{"the number of a routing table, from 1 to 4294967295", parse_table};

/// /proc knows no more of a name.
constexpr std::size_t longest_process_name = 15;

Parsed<std::string> parse_process_name(const Scalar& scalar) {
    if (scalar.text.find('/') != std::string::npos) return refused("remove the directory");
    if (scalar.text.empty() || scalar.text.size() > longest_process_name) return refused();
    return scalar.text;
}
const Form<std::string> process_name_form{"the name of a process, 1 to 15 characters as in /proc/PID/comm",
                                          parse_process_name};

protocol::Duration read_interval(const Mapping& mapping, Mistakes& mistakes) {
    return mapping.value("interval", period_form, mistakes).value_or(default_interval);
}

WatchedRoute read_route(const Mapping& mapping, Mistakes& mistakes) {
    const auto prefix = mapping.value("route", prefix_form, mistakes)
                            .value_or(Prefix{IpAddress::from_bytes(std::array<std::uint8_t, 4>{}), 0});
    const auto table = mapping.value("table", table_form, mistakes).value_or(RT_TABLE_MAIN);
    return {prefix.address, prefix.length, table};
}

WatchedCommand read_watched_command(const Mapping& mapping, Mistakes& mistakes) {
    return {read_command(mapping, command_defaults, mistakes), read_interval(mapping, mistakes),
            mapping.value("rise", times_form, mistakes).value_or(1),
            mapping.value("fall", times_form, mistakes).value_or(1)};
}

/// The one thing that the tracker watches. Nothing, after reporting it, if that is not clear.
const Kind* read_kind(const Item& item, const Mapping& mapping, Mistakes& mistakes) {
    const Kind* found = nullptr;
    for (const Kind& kind : kinds) {
        const auto here = mapping.find(kind.key);
        if (!here) continue;
        if (found == nullptr) {
            found = &kind;
            continue;
        }
        mistakes.add(here->position, item.name + " already watches " + std::string(found->key) +
                                         ": define another tracker for " + std::string(kind.key));
    }
    if (found == nullptr) refuse(item, tracker_allowed, {}, mistakes);
    return found;
}

void check_options(const Mapping& mapping, const Kind& kind, Mistakes& mistakes) {
    for (const std::string_view key : {"table", "interval", "timeout", "rise", "fall", "user"}) {
        const auto item = mapping.find(key);
        if (!item || std::find(kind.options.begin(), kind.options.end(), key) != kind.options.end()) continue;
        std::string message(key);
        message += " has no meaning for a tracker of kind ";
        message += kind.key;
        mistakes.add(item->position, message + "; remove the key");
    }
}

Tracker read_tracker(const Entry& entry, Mistakes& mistakes) {
    const std::string& name = entry.item.name;
    read_value(Item{"name of a tracker", entry.key_position, YAML::Node(name)}, name_form, mistakes);
    const Item item{"tracker " + quoted(name), entry.item.position, entry.item.value};
    Tracker tracker{name, WatchedInterface{}};
    const auto mapping = Mapping::read(item, tracker_allowed, tracker_keys, mistakes);
    if (!mapping) return tracker;
    const Kind* kind = read_kind(item, *mapping, mistakes);
    if (kind == nullptr) return tracker;
    check_options(*mapping, *kind, mistakes);
    if (kind->key == "interface")
        tracker.watched =
            WatchedInterface{mapping->value("interface", interface_name_form, mistakes).value_or("")};
    else if (kind->key == "route")
        tracker.watched = read_route(*mapping, mistakes);
    else if (kind->key == "command")
        tracker.watched = read_watched_command(*mapping, mistakes);
    else if (kind->key == "process")
        tracker.watched = WatchedProcess{mapping->value("process", process_name_form, mistakes).value_or(""),
                                         read_interval(*mapping, mistakes)};
    else
        tracker.watched = WatchedFile{mapping->value("file", absolute_path_form, mistakes).value_or(""),
                                      read_interval(*mapping, mistakes)};
    return tracker;
}

using Effect = decltype(Track::effect);

Parsed<Effect> parse_effect(const Scalar& scalar) {
    if (scalar.text == "fault") return Track::Fault{};
    if (scalar.text == "value") return Track::AddValue{};
    const auto number = parse_number_between(scalar, -253, -1);
    if (!number) return refused(number.error());
    return Track::Lower{static_cast<int>(-*number)};
}
const Form<Effect> effect_form{"fault, a number from -253 to -1, or value", parse_effect};

/// Null, after reporting it, if there is no tracker of the name.
const Tracker* find_tracker(const Entry& entry, const std::vector<Tracker>& trackers, Mistakes& mistakes) {
    const std::string& name = entry.item.name;
    const auto found = std::find_if(trackers.begin(), trackers.end(),
                                    [&](const Tracker& each) { return each.name == name; });
    if (found != trackers.end()) return &*found;
    std::vector<std::string_view> known;
    known.reserve(trackers.size());
    for (const Tracker& tracker : trackers) known.push_back(tracker.name);
    std::string message = "there is no tracker " + quoted(name);
    if (const auto meant = nearest(name, known)) message += ", did you mean " + quoted(*meant) + "?";
    mistakes.add(entry.key_position, message + " (add it under the file's key trackers)");
    return nullptr;
}

void check_effect(const Item& item, const Effect& effect, const Tracker& tracker, bool is_owner,
                  Mistakes& mistakes) {
    if (is_owner && !std::holds_alternative<Track::Fault>(effect))
        refuse(item, "fault", "the priority of the address owner is always 255", mistakes);
    else if (std::holds_alternative<Track::AddValue>(effect) &&
             !std::holds_alternative<WatchedFile>(tracker.watched))
        refuse(item, "fault or a number from -253 to -1", "only a file has a value", mistakes);
}

}  // namespace

std::vector<Tracker> read_trackers(const Mapping& document, Mistakes& mistakes) {
    const auto item = document.find("trackers");
    if (!item) return {};
    std::vector<Tracker> trackers;
    for (const Entry& entry : read_entries(*item, "a mapping from names to what is watched", mistakes))
        trackers.push_back(read_tracker(entry, mistakes));
    return trackers;
}

std::vector<Track> read_tracks(const Mapping& router, const std::vector<Tracker>& trackers, bool is_owner,
                               Mistakes& mistakes) {
    const auto item = router.find("track");
    if (!item) return {};
    std::vector<Track> tracks;
    for (const Entry& entry : read_entries(*item, "a mapping from names of trackers to effects", mistakes)) {
        const Tracker* tracker = find_tracker(entry, trackers, mistakes);
        Item effect_item = entry.item;
        effect_item.name = "effect of " + entry.item.name;
        const auto effect = read_value(effect_item, effect_form, mistakes);
        if (tracker == nullptr || !effect) continue;
        check_effect(effect_item, *effect, *tracker, is_owner, mistakes);
        tracks.push_back({tracker->name, *effect});
    }
    return tracks;
}

}  // namespace vrrp_xdp::config

// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/translation.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "config/text.hpp"
#include "keepalived/addresses.hpp"
#include "keepalived/authentication.hpp"
#include "keepalived/notify.hpp"
#include "keepalived/source_address.hpp"
#include "keepalived/unicast.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;
using protocol::Duration;
using protocol::Family;
using protocol::IpAddress;
using protocol::Priority;
using protocol::Version;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Priority default_priority = *Priority::from(100);
// As many as an advertisement has room for: RFC 9568 §5.2.5, and an MTU of 1500 bytes for IPv6.
constexpr std::size_t most_ipv4 = 255;
constexpr std::size_t most_ipv6 = 90;
constexpr int highest_priority = 254;  // but for the owner's

std::string name_of(const Instance& instance) { return "vrrp_instance " + quoted(instance.name); }

/// The addresses of virtual_ipaddress that are of the family of the first, each once on its interface.
std::vector<IpAddress> addresses_of(const Instance& instance, Taken& taken, Notes& notes) {
    std::vector<IpAddress> addresses;
    const std::string& interface = instance.interface->value;
    for (const Directive& line : instance.addresses) {
        const auto address = read_virtual_address(line, interface, notes);
        if (!address) continue;
        if (!addresses.empty() && addresses.front().family() != address->family()) {
            notes.left_out(
                line,
                "keepalived ignores it too, as the first address is of the other family; give it a "
                "Virtual Router of its own, which can have the same VRID");
            continue;
        }
        const auto [first, is_new] = taken.addresses.emplace(std::tuple(interface, *address), line.place);
        if (is_new) {
            addresses.push_back(*address);
        } else {
            notes.left_out(
                line, "it stands twice on " + interface + "; the first is at " + first->second.to_string());
        }
    }
    return addresses;
}

/// fe80:: and the VRID, as docs/configuration.md proposes.
IpAddress link_local_of(protocol::Vrid vrid) {
    std::array<std::uint8_t, 16> bytes{0xfe, 0x80};
    bytes.back() = static_cast<std::uint8_t>(vrid.value());
    return IpAddress::from_bytes(bytes);
}

/// The first IPv6 address is link-local (RFC 9568 §5.2.9), of which keepalived only warns. It takes the
/// addresses of an advertisement in any order.
void put_link_local_first(const Instance& instance, std::vector<IpAddress>& addresses, Taken& taken,
                          Notes& notes) {
    const auto found = std::find_if(addresses.begin(), addresses.end(),
                                    [](const IpAddress& each) { return each.is_link_local(); });
    if (found != addresses.end()) {
        std::rotate(addresses.begin(), found, found + 1);
        return;
    }
    const IpAddress added = link_local_of(instance.vrid->value);
    const auto key = std::tuple(instance.interface->value, added);
    if (const auto [first, is_new] = taken.addresses.emplace(key, instance.place); !is_new) {
        notes.left_out(instance.place, name_of(instance),
                       "it has no link-local address, which the first one must be; add one");
        return addresses.clear();
    }
    addresses.insert(addresses.begin(), added);
    notes.differs(
        instance.place,
        name_of(instance) + " has no link-local address, which the first one must be: " + added.to_string() +
            " is added; add it to virtual_ipaddress of every keepalived of this VRID before they run "
            "together, as keepalived drops what lists other addresses than its own");
}

Version version_of(const Instance& instance, const Globals& globals, Family family) {
    // keepalived too takes version 3 for IPv6, whatever it is told.
    if (family == Family::Ipv6) return Version::V3;
    return instance.version ? instance.version->value : globals.version;
}

std::string text_of(Duration interval) {
    return std::to_string(std::chrono::duration_cast<milliseconds>(interval).count()) + "ms";
}

/// As keepalived rounds it: to whole seconds in version 2, to centiseconds in version 3.
Duration interval_of(const Instance& instance, Version version, Notes& notes) {
    if (!instance.interval) return seconds(1);
    const auto& [wanted, place] = *instance.interval;
    const bool is_v2 = version == Version::V2;
    const Duration step = is_v2 ? Duration(seconds(1)) : Duration(milliseconds(10));
    const Duration most = is_v2 ? Duration(seconds(255)) : Duration(milliseconds(40950));
    const Duration rounded = std::max(step, (wanted + step / 2) / step * step);
    if (rounded > most) {
        notes.differs(place, "advert_int must be at most " + text_of(most) + ": it is 1s, as in keepalived");
        return seconds(1);
    }
    if (rounded != wanted) {
        notes.differs(place, "advert_int is " + text_of(rounded) +
                                 ": keepalived rounds it like this in version " + (is_v2 ? "2" : "3"));
    }
    return rounded;
}

bool preempts(const Instance& instance, Priority priority, Notes& notes) {
    if (!instance.no_preempt) return true;
    if (!instance.starts_as_master && !priority.is_owner()) return false;
    notes.left_out(*instance.no_preempt, quoted("nopreempt"),
                   std::string("keepalived ignores it too, ") +
                       (priority.is_owner() ? "at priority 255" : "with state MASTER"));
    return true;
}

/// keepalived too knows none with state MASTER, with nopreempt and for the owner.
Duration preempt_delay_of(const Instance& instance, Priority priority, bool preempt, Notes& notes) {
    if (!instance.preempt_delay) return {};
    const auto& [delay, place] = *instance.preempt_delay;
    if (preempt && !instance.starts_as_master && !priority.is_owner()) return delay;
    notes.left_out(place, quoted("preempt_delay"),
                   "keepalived ignores it too, with state MASTER, with nopreempt and at priority 255");
    return {};
}

bool is_complete(const Instance& instance, Notes& notes) {
    const std::string name = name_of(instance);
    if (!instance.interface)
        notes.left_out(instance.place, name, "it names no interface, and vrrp-xdp attaches to one");
    if (!instance.vrid) notes.left_out(instance.place, name, "it has no virtual_router_id");
    return instance.interface && instance.vrid;
}

/// Whether a Virtual Router can have these addresses; else tells why not.
bool has_room_for(const Instance& instance, const std::vector<IpAddress>& addresses, Notes& notes) {
    const std::string name = name_of(instance);
    if (addresses.empty()) {
        notes.left_out(instance.place, name, "it has no address left, and a Virtual Router has one at least");
        return false;
    }
    const std::size_t most = addresses.front().family() == Family::Ipv4 ? most_ipv4 : most_ipv6;
    if (addresses.size() <= most) return true;
    notes.left_out(instance.place, name,
                   "an advertisement has room for " + std::to_string(most) +
                       " addresses; make two Virtual Routers of it");
    return false;
}

bool has_free_vrid(const Instance& instance, Family family, Taken& taken, Notes& notes) {
    const auto key = std::tuple(instance.interface->value, family, instance.vrid->value);
    const auto [first, is_new] = taken.vrids.emplace(key, instance.place);
    if (!is_new) {
        notes.left_out(
            instance.place, name_of(instance),
            "its virtual_router_id is taken on this interface by the one at " + first->second.to_string());
    }
    return is_new;
}

/// keepalived adds the addresses to the interface, where no_accept or vrrp_strict do not keep packets from
/// them.
bool accepts(const Instance& instance, bool is_strict) { return instance.accept.value_or(!is_strict); }

Tracks tracks_of(const Instance& instance, Priority priority, const Surroundings& surroundings) {
    std::vector<TrackLine> lines = instance.tracks;
    const SyncGroup* const group = surroundings.group;
    if (group != nullptr) lines.insert(lines.end(), group->tracks.begin(), group->tracks.end());
    const TrackContext context{priority.is_owner(), group != nullptr && !group->has_weights_of_members};
    return surroundings.trackers.tracks_of(lines, context, surroundings.notes);
}

/// Trackers only lower the priority here, so it begins with all that keepalived would add.
Priority raised(const Instance& instance, Priority priority, int raise, Notes& notes) {
    if (raise == 0) return priority;
    const int sum = priority.value() + raise;
    if (sum > highest_priority)
        notes.differs(instance.place,
                      name_of(instance) + " has a priority of " + std::to_string(sum) +
                          " while all that it tracks is up, and it cannot be above 254: one that is down "
                          "lowers it from there");
    return *Priority::from(std::min(sum, highest_priority));
}

}  // namespace

std::optional<config::VirtualRouter> translate(const Instance& instance, const Surroundings& surroundings) {
    const auto& [globals, group, trackers, taken, notes] = surroundings;
    if (!is_complete(instance, notes)) return std::nullopt;
    std::vector<IpAddress> addresses = addresses_of(instance, taken, notes);
    if (!addresses.empty() && addresses.front().family() == Family::Ipv6)
        put_link_local_first(instance, addresses, taken, notes);
    if (!has_room_for(instance, addresses, notes)) return std::nullopt;
    const Family family = addresses.front().family();
    if (!has_free_vrid(instance, family, taken, notes)) return std::nullopt;

    const Version version = version_of(instance, globals, family);
    const Priority priority = instance.priority ? instance.priority->value : default_priority;
    const bool is_strict = instance.strict.value_or(globals.is_strict);
    const bool preempt = preempts(instance, priority, notes);
    Tracks tracks = tracks_of(instance, priority, surroundings);
    Unicast unicast = unicast_of(instance.peers, addresses, notes);
    const auto source = source_of(instance, addresses, unicast.peers, notes);
    return config::VirtualRouter{
        .vrid = instance.vrid->value,
        .version = version,
        .priority = raised(instance, priority, tracks.raise, notes),
        .advertise_interval = interval_of(instance, version, notes),
        .preempt = preempt,
        .accept_mode = accepts(instance, is_strict),
        .preempt_delay = preempt_delay_of(instance, priority, preempt, notes),
        .sync_group = {},
        .virtual_mac = instance.use_vmac,
        .unicast_peers = std::move(unicast.peers),
        .minimum_ttl = unicast.minimum_ttl,
        .source_address = source,
        .announcements = announcements_of(instance.garp, globals.garp),
        .authentication = authentication_of(instance.authentication, version, is_strict, notes),
        // keepalived's own in version 3.
        .checksum = version == Version::V2 ? config::Checksum::MessageOnly : config::Checksum::PseudoHeader,
        .virtual_addresses = std::move(addresses),
        .tracks = std::move(tracks.tracks),
        .hooks = hooks_of(instance.notify, {"INSTANCE", instance.name}, globals, notes),
    };
}

}  // namespace vrrp_xdp::keepalived

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

// As many as keepalived advertises: RFC 9568 §5.2.5, and for IPv6 an MTU of 1500 bytes, of which it takes an
// Ethernet header away as well.
constexpr std::size_t most_ipv4 = 255;
constexpr std::size_t most_ipv6 = 89;
constexpr std::size_t most_unadvertised = 255;

std::string name_of(const Instance& instance) { return "vrrp_instance " + quoted(instance.name); }

/// The addresses of virtual_ipaddress, each once on its interface.
std::vector<IpAddress> addresses_of(const Instance& instance, Taken& taken, Notes& notes) {
    std::vector<IpAddress> addresses;
    const std::string& interface = instance.interface->value;
    for (const Directive& line : instance.addresses) {
        const auto address = read_virtual_address(line, interface, IsAdvertised::Yes, notes);
        if (!address) continue;
        const auto [first, is_new] = taken.addresses.emplace(std::tuple(interface, *address), line.place);
        if (is_new) {
            addresses.push_back(*address);
        } else {
            notes.disagrees(line.place, quoted(line.name()) + " is not carried over: it is a duplicate on " +
                                            interface + ", first defined at " + first->second.to_string() +
                                            "; remove it on all routers of the VRID: a keepalived with a "
                                            "duplicate drops advertisements that list it once");
        }
    }
    return addresses;
}

/// The addresses of virtual_ipaddress_excluded that are of the family.
std::vector<IpAddress> excluded_addresses_of(const Instance& instance, Family family, Taken& taken,
                                             Notes& notes) {
    std::vector<IpAddress> addresses;
    const std::string& interface = instance.interface->value;
    for (const Directive& line : instance.excluded) {
        const auto address = read_virtual_address(line, interface, IsAdvertised::No, notes);
        if (!address) continue;
        if (address->family() != family) {
            notes.left_out(
                line.place, quoted(line.name()),
                "it is of another family than the first address; define another Virtual Router for it "
                "with the same `sync-group`");
        } else if (taken.addresses.emplace(std::tuple(interface, *address), line.place).second) {
            addresses.push_back(*address);
        } else {
            notes.left_out(line.place, quoted(line.name()),
                           "nothing is lost, " + interface + " has it already");
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
/// addresses of an advertisement in any order. False, after telling, if there can be none.
bool put_link_local_first(const Instance& instance, std::vector<IpAddress>& addresses, Taken& taken,
                          Notes& notes) {
    const auto found = std::find_if(addresses.begin(), addresses.end(),
                                    [](const IpAddress& each) { return each.is_link_local(); });
    if (found != addresses.end()) {
        std::rotate(addresses.begin(), found, found + 1);
        return true;
    }
    const IpAddress added = link_local_of(instance.vrid->value);
    const auto key = std::tuple(instance.interface->value, added);
    if (const auto [first, is_new] = taken.addresses.emplace(key, instance.place); !is_new) {
        notes.left_out(instance.place, name_of(instance),
                       "its first address must be link-local, but it has no link-local address; add one");
        return false;
    }
    addresses.insert(addresses.begin(), added);
    notes.disagrees(
        instance.place,
        name_of(instance) + " has no link-local address, which the first one must be: " + added.to_string() +
            " was added; add it to virtual_ipaddress on every keepalived of this VRID before they run "
            "together: keepalived drops advertisements with other addresses than its own");
    return true;
}

Version version_of(const Instance& instance, const Globals& globals, Family family, Notes& notes) {
    if (family == Family::Ipv6) {
        const bool is_v2 = instance.version && instance.version->value == Version::V2;
        // RFC 9568 has IPv6 in version 3 only, and so has keepalived with vrrp_strict.
        if (is_v2 && !instance.strict.value_or(globals.is_strict))
            notes.disagrees(instance.version->place,
                            name_of(instance) +
                                " uses version 3, the only one for IPv6: set it on all routers, because "
                                "keepalived sends the configured version");
        return Version::V3;
    }
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
    const Duration rounded = std::clamp((wanted + step / 2) / step * step, step, most);
    if (rounded != wanted) {
        notes.differs(place, "advert_int is " + text_of(rounded) +
                                 ": keepalived uses this value in version " + (is_v2 ? "2" : "3"));
    }
    return rounded;
}

/// Whether keepalived would be Master from the beginning, which forbids some things even though it waits as
/// well. With vrrp_strict, and with an Authentication
/// Header, only the owner may.
bool wants_to_be_master(const Instance& instance, Priority priority, Version version, bool is_strict) {
    if (!instance.starts_as_master || is_strict || asks_for_header(instance.authentication, version))
        return priority.is_owner();
    return *instance.starts_as_master;
}

bool preempts(const Instance& instance, Priority priority, bool is_master, Notes& notes) {
    if (!instance.no_preempt) return true;
    if (!is_master && !priority.is_owner()) return false;
    notes.left_out(*instance.no_preempt, quoted("nopreempt"),
                   std::string("keepalived also ignores it, ") +
                       (priority.is_owner() ? "at priority 255" : "with state MASTER"));
    return true;
}

/// keepalived too knows none with state MASTER, with nopreempt, in strict mode and for the owner.
Duration preempt_delay_of(const Instance& instance, Priority priority, bool is_ignored, Notes& notes) {
    if (!instance.preempt_delay) return {};
    const auto& [delay, place] = *instance.preempt_delay;
    if (!is_ignored && !priority.is_owner()) return delay;
    if (!is_ignored) {
        notes.left_out(place, quoted("preempt_delay"), "the address owner preempts immediately");
        return {};
    }
    notes.left_out(place, quoted("preempt_delay"),
                   "keepalived also ignores it with state MASTER, with nopreempt and with vrrp_strict");
    return {};
}

bool is_complete(const Instance& instance, Notes& notes) {
    const std::string name = name_of(instance);
    if (!instance.interface)
        notes.left_out(instance.place, name, "it has no interface, but vrrp-xdp attaches to interfaces");
    if (!instance.vrid) notes.left_out(instance.place, name, "it has no virtual_router_id");
    return instance.interface && instance.vrid;
}

/// Adds the addresses that are not advertised: those of virtual_ipaddress_excluded, and those that an
/// advertisement has no room for, which keepalived does not advertise either. Returns how many they are.
std::size_t add_unadvertised(const Instance& instance, std::vector<IpAddress>& addresses, Taken& taken,
                             Notes& notes) {
    const Family family = addresses.front().family();
    const std::size_t advertised = std::min(addresses.size(), family == Family::Ipv4 ? most_ipv4 : most_ipv6);
    const std::vector<IpAddress> excluded = excluded_addresses_of(instance, family, taken, notes);
    addresses.insert(addresses.end(), excluded.begin(), excluded.end());
    if (addresses.size() > advertised + most_unadvertised) {
        notes.left_out(instance.place,
                       "everything after the first " + std::to_string(advertised + most_unadvertised) +
                           " addresses of " + name_of(instance),
                       "a Virtual Router has no more addresses; define another Virtual Router for it");
        addresses.resize(advertised + most_unadvertised, addresses.front());
    }
    return addresses.size() - advertised;
}

bool has_free_vrid(const Instance& instance, Family family, Taken& taken, Notes& notes) {
    const auto key = std::tuple(instance.interface->value, family, instance.vrid->value);
    const auto [first, is_new] = taken.vrids.emplace(key, instance.place);
    if (!is_new) {
        notes.left_out(
            instance.place, name_of(instance),
            "its virtual_router_id is already used on this interface, at " + first->second.to_string());
    }
    return is_new;
}

/// keepalived adds the addresses to the interface, where no_accept or vrrp_strict do not keep packets from
/// them. In version 2 vrrp_strict knows no Accept_Mode.
bool accepts(const Instance& instance, Priority priority, Version version, bool is_strict) {
    if (is_strict && version == Version::V2 && !priority.is_owner()) return false;
    return instance.accept.value_or(!is_strict || priority.is_owner());
}

Tracks tracks_of(const Instance& instance, Priority priority, const Surroundings& surroundings) {
    std::vector<TrackLine> lines = instance.tracks;
    const SyncGroup* const group = surroundings.group;
    if (group != nullptr) lines.insert(lines.end(), group->tracks.begin(), group->tracks.end());
    const TrackContext context{instance.place, instance.interface->value, priority,
                               group != nullptr && !group->has_weights_of_members,
                               surroundings.has_group_owner};
    return surroundings.trackers.tracks_of(lines, context, surroundings.notes);
}

/// Reports a priority that was not written.
void tell_of_priority(const Instance& instance, Priority priority, Notes& notes) {
    if (instance.priority || !priority.is_owner()) return;
    notes.differs(instance.place, name_of(instance) +
                                      " has no priority, and state MASTER sets it to 255, which is for the "
                                      "router that owns the addresses: set a lower one");
}

/// A unicast router is never turned into one that multicasts: that would be another election.
bool can_advertise(const Instance& instance, const Unicast& unicast, Notes& notes) {
    if (!instance.unicast_peer || !unicast.peers.empty()) return true;
    notes.left_out(instance.place, name_of(instance),
                   "no unicast_peer is left, and it is not converted to multicast; set the address of the "
                   "other router at " +
                       instance.unicast_peer->to_string());
    return false;
}

}  // namespace

Priority priority_of(const Instance& instance) {
    if (instance.priority) return instance.priority->value;
    return *Priority::from(instance.starts_as_master.value_or(false) ? 255 : 100);
}

tl::expected<Translation, std::string> translate(const Instance& instance, const Surroundings& surroundings) {
    const auto& [globals, group, has_group_owner, trackers, taken, notes] = surroundings;
    if (!is_complete(instance, notes))
        return tl::unexpected<std::string>(instance.interface ? "no virtual_router_id" : "no interface");
    std::vector<IpAddress> addresses = addresses_of(instance, taken, notes);
    if (addresses.empty()) {
        notes.left_out(instance.place, name_of(instance),
                       "it has no address left, and a Virtual Router has one at least");
        return tl::unexpected<std::string>("no address");
    }
    const Family family = addresses.front().family();
    Unicast unicast = unicast_of(instance.peers, addresses, notes);
    if (!can_advertise(instance, unicast, notes)) return tl::unexpected<std::string>("no peer");
    if (family == Family::Ipv6 && unicast.peers.empty() &&
        !put_link_local_first(instance, addresses, taken, notes))
        return tl::unexpected<std::string>("no link-local address");
    if (!has_free_vrid(instance, family, taken, notes))
        return tl::unexpected<std::string>("its VRID is already used");

    const Version version = version_of(instance, globals, family, notes);
    const Priority priority = priority_of(instance);
    tell_of_priority(instance, priority, notes);
    const bool is_strict = instance.strict.value_or(globals.is_strict);
    const bool is_master = wants_to_be_master(instance, priority, version, is_strict);
    const bool preempt = preempts(instance, priority, is_master, notes);
    Tracks tracks = tracks_of(instance, priority, surroundings);
    const auto source = source_of(instance, addresses, unicast.peers, notes);
    const std::size_t unadvertised = add_unadvertised(instance, addresses, taken, notes);
    Translation translation{config::VirtualRouter{
        .vrid = instance.vrid->value,
        .version = version,
        .priority = *Priority::from(tracks.priority),
        .advertise_interval = interval_of(instance, version, notes),
        .preempt = preempt,
        .accept_mode = accepts(instance, priority, version, is_strict),
        .preempt_delay = preempt_delay_of(instance, priority, !preempt || is_master || is_strict, notes),
        .sync_group = {},
        .virtual_mac = instance.use_vmac,
        .unicast_peers = std::move(unicast.peers),
        .minimum_ttl = unicast.minimum_ttl,
        .source_address = source,
        .announcements = announcements_of(instance.garp, globals.garp),
        .authentication = authentication_of(instance.authentication, version, is_strict, notes),
        // keepalived's own in version 3, unless it is told otherwise.
        .checksum = version == Version::V2 ? config::Checksum::MessageOnly : instance.checksum,
        .virtual_addresses = std::move(addresses),
        .unadvertised = unadvertised,
        .tracks = std::move(tracks.tracks),
        .hooks = hooks_of(instance.notify, instance.mails, {"INSTANCE", instance.name}, globals, notes),
    }};
    if (translation.router.priority != priority)
        translation.about_priority = std::to_string(priority.value()) +
                                     " in keepalived, including what is added while what is tracked is up";
    return translation;
}

}  // namespace vrrp_xdp::keepalived

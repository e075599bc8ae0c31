// SPDX-License-Identifier: BSD-2-Clause
#include "config/virtual_router.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "config/announcements.hpp"
#include "config/authentication.hpp"
#include "config/hook.hpp"
#include "config/keys.hpp"
#include "config/mapping.hpp"
#include "config/source_address.hpp"
#include "config/text.hpp"
#include "config/tracker.hpp"
#include "config/unicast_peers.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::Priority;
using protocol::Version;
using protocol::Vrid;

// RFC 9568 §6.1
constexpr Priority default_priority = *Priority::from(100);
constexpr protocol::Duration default_interval = std::chrono::seconds(1);

void check_is_new(const Item& item, Family family, Vrid vrid, Taken& taken, Mistakes& mistakes) {
    const auto [first, is_new] = taken.vrids.emplace(std::pair(family, vrid), item.position);
    if (is_new) return;
    std::string message = "duplicate vrid " + std::to_string(vrid.value()) + " (";
    message += name_of(family);
    message += ") on this interface; first defined on " + mistakes.spelt(first->second, item.position);
    mistakes.add(item.position, std::move(message));
}

std::optional<Vrid> read_vrid(const Mapping& mapping, std::optional<Family> family, Taken& taken,
                              Mistakes& mistakes) {
    const auto item = mapping.require("vrid", vrid_form.allowed, mistakes);
    if (!item) return std::nullopt;
    const auto vrid = read_value(*item, vrid_form, mistakes);
    if (vrid && family) check_is_new(*item, *family, *vrid, taken, mistakes);
    return vrid;
}

/// Nothing if it is a mistake: then other keys cannot be held against it.
std::optional<Versions> read_versions(const Mapping& mapping, std::optional<Family> family,
                                      Mistakes& mistakes) {
    const auto item = mapping.find("version");
    if (!item) return Versions{};
    const auto versions = read_value(*item, version_form, mistakes);
    if (!versions || !versions->includes_version_2() || family != Family::Ipv6) return versions;
    if (!mapping.says("version")) return Versions{};
    refuse(*item, "3 for IPv6 addresses", "version 2 supports only IPv4", mistakes);
    return std::nullopt;
}

/// For a Virtual Router that has no choice of the checksum. why: goes on from "checksum is for".
void refuse_checksum(const Mapping& mapping, std::string_view why, Mistakes& mistakes) {
    const auto item = mapping.find("checksum");
    if (!item || !mapping.says("checksum")) return;
    std::string message = "checksum is for ";
    message += why;
    mistakes.add(item->position, message + "; remove the key");
}

Checksum read_checksum(const Mapping& mapping, std::optional<Family> family, std::optional<Versions> versions,
                       Mistakes& mistakes) {
    if (family == Family::Ipv6) {
        // RFC 9568 §5.2.8
        refuse_checksum(mapping, "IPv4: the IPv6 checksum always covers the pseudo-header", mistakes);
        return Checksum::PseudoHeader;
    }
    if (versions && versions->version == Version::V2) {
        refuse_checksum(mapping, "version 3: the version 2 checksum covers only the message", mistakes);
        return Checksum::MessageOnly;
    }
    return mapping.value("checksum", checksum_form, mistakes).value_or(Checksum::PseudoHeader);
}

/// Whether the interval may be shorter than version 3 can say.
bool read_sub_centisecond(const Mapping& mapping, std::optional<Versions> versions, Mistakes& mistakes) {
    const bool wanted = mapping.value("sub-centisecond", flag_form, mistakes).value_or(false);
    if (!wanted || !versions || !versions->includes_version_2()) return wanted;
    if (!mapping.says("sub-centisecond")) return false;
    mistakes.add(mapping.find("sub-centisecond")->position,
                 "sub-centisecond is for version 3: version 2 counts whole seconds; remove the key");
    return false;
}

/// Preempt_Mode false never preempts, and the owner of the addresses always does so at once (RFC 9568 §6.1).
protocol::Duration read_preempt_delay(const Mapping& mapping, std::optional<bool> preempt,
                                      std::optional<Priority> priority, Mistakes& mistakes) {
    const auto item = mapping.find("preempt-delay");
    if (!item) return {};
    const bool has_none = preempt == false || (priority && priority->is_owner());
    if (has_none && !mapping.says("preempt-delay")) return {};
    if (preempt == false)
        mistakes.add(item->position,
                     "preempt-delay has no effect with preempt: false: remove one of the two");
    if (priority && priority->is_owner())
        mistakes.add(item->position,
                     "preempt-delay has no effect at priority 255: the address owner preempts immediately; "
                     "remove the key");
    return read_value(*item, delay_form, mistakes).value_or(protocol::Duration{});
}

VirtualAddresses read_addresses(const Mapping& mapping, Taken& taken, Mistakes& mistakes) {
    const auto item = mapping.require("virtual-addresses", "a list of IPv4 or of IPv6 addresses", mistakes);
    if (!item) return {};
    const bool is_unicast = mapping.find("unicast-peers").has_value();
    return read_virtual_addresses(*item, is_unicast ? FirstOfIpv6::Any : FirstOfIpv6::LinkLocal, taken,
                                  mistakes);
}

/// Whether a default of the key is for such a Virtual Router at all.
bool takes(std::string_view key, const VirtualRouter& router) {
    if (key == "version") return router.family() == Family::Ipv4;
    if (key == "checksum") return router.family() == Family::Ipv4 && router.version == Version::V3;
    if (key == "authentication") return router.authentication.has_value();
    if (key == "sub-centisecond") return router.version == Version::V3 && !router.also_version_2;
    if (key == "preempt-delay") return router.preempt && !router.priority.is_owner();
    if (key == "minimum-ttl") return !router.unicast_peers.empty();
    return true;
}

Origin origin_of(const VirtualRouter& router, const Mapping& mapping,
                 const std::vector<const Defaults*>& defaults, const Mistakes& mistakes) {
    Origin origin{mistakes.place_of(mapping.whole().position)};
    const auto value_of = [&](const Entry& entry) {
        Origin::Value value{mistakes.place_of(entry.item.position)};
        if (entry.item.value.IsSequence())
            for (const YAML::Node& element : entry.item.value)
                value.elements.push_back(mistakes.place_of(position_of(element, entry.item.position.file)));
        return value;
    };
    for (const Entry& entry : mapping.entries()) origin.values.emplace(entry.item.name, value_of(entry));
    for (const Defaults* each : defaults)
        for (const Entry& entry : each->entries) {
            if (!takes(entry.item.name, router)) continue;
            const auto [added, is_new] = origin.values.emplace(entry.item.name, value_of(entry));
            if (is_new) added->second.shared_by = each->owner;
        }
    return origin;
}

/// What can be held against a value whatever Virtual Router it is for.
void check_alone(const Entry& entry, const std::vector<Tracker>& trackers, Mistakes& mistakes) {
    const Mapping mapping = Mapping::of(entry);
    mapping.value("version", version_form, mistakes);
    mapping.value("priority", priority_form, mistakes);
    mapping.value("advertise-interval", interval_form(std::nullopt, true), mistakes);
    for (const char* const key : {"sub-centisecond", "preempt", "accept-mode", "virtual-mac"})
        mapping.value(key, flag_form, mistakes);
    mapping.value("preempt-delay", delay_form, mistakes);
    mapping.value("sync-group", name_form, mistakes);
    mapping.value("minimum-ttl", ttl_form, mistakes);
    mapping.value("source-address", address_form, mistakes);
    mapping.value("checksum", checksum_form, mistakes);
    mapping.value("signed-advertisements", signed_form, mistakes);
    read_announcements(mapping, SeenBySwitches::InAdvertisements, mistakes);
    read_authentication(mapping, std::nullopt, std::nullopt, mistakes);
    read_unicast_peers(mapping, std::nullopt, {}, mistakes);
    read_tracks(mapping, trackers, false, mistakes);
    read_hooks(mapping, mistakes);
}

}  // namespace

std::optional<Defaults> read_defaults(const Item& item, const std::vector<Tracker>& trackers,
                                      std::string owner, Mistakes& mistakes) {
    const auto mapping = Mapping::read(item, "a mapping with keys of Virtual Routers", shared_keys, mistakes);
    if (!mapping) return std::nullopt;
    Defaults defaults{{}, std::move(owner)};
    for (const Entry& entry : mapping->entries()) {
        const std::size_t before = mistakes.count();
        check_alone(entry, trackers, mistakes);
        if (mistakes.count() == before) defaults.entries.push_back(entry);
    }
    return defaults;
}

std::optional<PlacedRouter> read_virtual_router(const Item& item, const RouterContext& context, Taken& taken,
                                                SyncGroups& groups, Mistakes& mistakes) {
    auto mapping = Mapping::read(item, "a mapping with vrid and virtual-addresses", router_keys, mistakes);
    if (!mapping) return std::nullopt;
    mapping->fall_back_on(context.defaults);

    auto [family, addresses] = read_addresses(*mapping, taken, mistakes);
    const auto unadvertised = read_unadvertised_addresses(*mapping, family, taken, mistakes);
    const auto vrid = read_vrid(*mapping, family, taken, mistakes);
    const auto versions = read_versions(*mapping, family, mistakes);
    const auto priority = mapping->value("priority", priority_form, mistakes);
    const bool sub_centisecond = read_sub_centisecond(*mapping, versions, mistakes);
    const auto interval =
        mapping->value("advertise-interval", interval_form(versions, sub_centisecond), mistakes);
    const auto preempt = mapping->value("preempt", flag_form, mistakes);
    const auto accept_mode = mapping->value("accept-mode", flag_form, mistakes);
    const auto preempt_delay = read_preempt_delay(*mapping, preempt, priority, mistakes);
    const auto sync_group = mapping->value("sync-group", name_form, mistakes);
    if (sync_group)
        groups.join({*sync_group, mapping->find("sync-group")->position, priority.value_or(default_priority),
                     preempt.value_or(true), preempt_delay},
                    mistakes);
    const auto virtual_mac = mapping->value("virtual-mac", flag_form, mistakes);
    const auto checksum = read_checksum(*mapping, family, versions, mistakes);
    const auto authentication = read_authentication(*mapping, family, versions, mistakes);
    const bool refuses_signed =
        mapping->value("signed-advertisements", signed_form, mistakes).value_or(false);
    auto peers = read_unicast_peers(*mapping, family, addresses, mistakes);
    const auto announcements =
        read_announcements(*mapping, seen_by_switches(peers, virtual_mac.value_or(true)), mistakes);
    const auto minimum_ttl = read_minimum_ttl(*mapping, mistakes);
    const auto source = read_source_address(*mapping, family, addresses, priority, peers, mistakes);
    const bool is_owner = priority && priority->is_owner();
    auto tracks = read_tracks(*mapping, context.trackers, is_owner, mistakes);
    auto hooks = read_hooks(*mapping, mistakes);
    if (!vrid || addresses.empty()) return std::nullopt;
    addresses.insert(addresses.end(), unadvertised.begin(), unadvertised.end());

    VirtualRouter router{
        .vrid = *vrid,
        .version = versions.value_or(Versions{}).version,
        .also_version_2 = versions.value_or(Versions{}).also_version_2,
        .priority = priority.value_or(default_priority),
        .advertise_interval = interval.value_or(default_interval),
        .preempt = preempt.value_or(true),
        .accept_mode = accept_mode.value_or(false),
        .preempt_delay = preempt_delay,
        .sync_group = sync_group.value_or(""),
        .virtual_mac = virtual_mac.value_or(true),
        .unicast_peers = std::move(peers),
        .minimum_ttl = minimum_ttl,
        .source_address = source,
        .announcements = announcements,
        .authentication = authentication,
        .refuses_signed = refuses_signed,
        .checksum = checksum,
        .virtual_addresses = std::move(addresses),
        .unadvertised = unadvertised.size(),
        .tracks = std::move(tracks),
        .hooks = std::move(hooks),
    };
    Origin origin = origin_of(router, *mapping, context.defaults, mistakes);
    return PlacedRouter{std::move(router), std::move(origin)};
}

}  // namespace vrrp_xdp::config

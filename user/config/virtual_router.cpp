// SPDX-License-Identifier: BSD-2-Clause
#include "config/virtual_router.hpp"

#include <array>
#include <string>
#include <string_view>

#include "config/mapping.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Priority;
using protocol::Version;
using protocol::Vrid;

// In the order in which messages and the manual list them.
constexpr std::array<std::string_view, 7> keys = {
    "vrid", "version", "priority", "advertise-interval", "preempt", "checksum", "virtual-addresses"};

// RFC 9568 §6.1
constexpr Priority default_priority = *Priority::from(100);
constexpr protocol::Duration default_interval = std::chrono::seconds(1);

std::optional<Vrid> read_vrid(const Mapping& mapping, Taken& taken, Mistakes& mistakes) {
    const auto item = mapping.require("vrid", vrid_form.allowed, mistakes);
    if (!item) return std::nullopt;
    const auto vrid = read_value(*item, vrid_form, mistakes);
    if (!vrid) return std::nullopt;

    const auto [first, is_new] = taken.vrids.emplace(*vrid, item->position);
    if (!is_new) {
        mistakes.add(item->position, "vrid " + std::to_string(vrid->value()) +
                                         " stands twice on this interface; the first is on line " +
                                         std::to_string(first->second.line));
    }
    return vrid;
}

/// Nothing if it is a mistake: then other keys cannot be held against it.
std::optional<Version> read_version(const Mapping& mapping, Mistakes& mistakes) {
    if (!mapping.find("version")) return Version::V3;
    return mapping.value("version", version_form, mistakes);
}

Checksum read_checksum(const Mapping& mapping, std::optional<Version> version, Mistakes& mistakes) {
    if (version != Version::V2) {
        return mapping.value("checksum", checksum_form, mistakes).value_or(Checksum::PseudoHeader);
    }
    if (const auto item = mapping.find("checksum")) {
        mistakes.add(
            item->position,
            "checksum is for version 3: version 2 has only one form, which covers the message alone; "
            "leave the key out");
    }
    return Checksum::MessageOnly;
}

std::vector<protocol::IpAddress> read_addresses(const Mapping& mapping, Taken& taken, Mistakes& mistakes) {
    const auto item = mapping.require("virtual-addresses", "a list of IPv4 addresses", mistakes);
    if (!item) return {};
    return read_virtual_addresses(*item, taken, mistakes);
}

}  // namespace

std::optional<VirtualRouter> read_virtual_router(const Item& item, Taken& taken, Mistakes& mistakes) {
    const auto mapping = Mapping::read(item, "a mapping with vrid and virtual-addresses", keys, mistakes);
    if (!mapping) return std::nullopt;

    const auto vrid = read_vrid(*mapping, taken, mistakes);
    const auto version = read_version(*mapping, mistakes);
    const auto priority = mapping->value("priority", priority_form, mistakes);
    const auto interval = mapping->value("advertise-interval", interval_form(version), mistakes);
    const auto preempt = mapping->value("preempt", flag_form, mistakes);
    const auto checksum = read_checksum(*mapping, version, mistakes);
    auto addresses = read_addresses(*mapping, taken, mistakes);
    if (!vrid || addresses.empty()) return std::nullopt;

    return VirtualRouter{
        .vrid = *vrid,
        .version = version.value_or(Version::V3),
        .priority = priority.value_or(default_priority),
        .advertise_interval = interval.value_or(default_interval),
        .preempt = preempt.value_or(true),
        .checksum = checksum,
        .virtual_addresses = std::move(addresses),
    };
}

}  // namespace vrrp_xdp::config

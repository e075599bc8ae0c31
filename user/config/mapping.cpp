// SPDX-License-Identifier: BSD-2-Clause
#include "config/mapping.hpp"

#include <algorithm>
#include <string>

#include "config/text.hpp"

namespace vrrp_xdp::config {
namespace {

std::string unknown_key(std::string_view key, std::span<const std::string_view> known) {
    if (key == "<<") return "merge keys (<<) are not supported; write the keys out";
    std::string message = "unknown key " + quoted(key);
    if (const auto meant = nearest(key, known)) message += ", did you mean " + quoted(*meant) + "?";
    return message + " (allowed here: " + listed(known) + ")";
}

}  // namespace

std::optional<Mapping> Mapping::read(const Item& item, std::string_view allowed,
                                     std::span<const std::string_view> known, Mistakes& mistakes) {
    std::vector<Entry> entries = read_entries(item, allowed, mistakes);
    if (entries.empty()) return std::nullopt;
    for (const Entry& entry : entries) {
        const std::string& key = entry.item.name;
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        mistakes.add(entry.key_position, unknown_key(key, known));
    }
    return Mapping(item, std::move(entries));
}

std::optional<Item> Mapping::find(std::string_view key) const {
    for (const Entry& entry : entries_) {
        if (entry.item.name == key) return entry.item;
    }
    return std::nullopt;
}

std::optional<Item> Mapping::require(std::string_view key, std::string_view allowed,
                                     Mistakes& mistakes) const {
    auto item = find(key);
    if (!item) {
        std::string message = whole_.name + " has no " + std::string(key) + ", which must be ";
        mistakes.add(whole_.position, message += allowed);
    }
    return item;
}

}  // namespace vrrp_xdp::config

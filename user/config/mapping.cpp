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

const Entry* find_in(const std::vector<Entry>& entries, std::string_view key) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return entry.item.name == key; });
    return found == entries.end() ? nullptr : &*found;
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

bool Mapping::says(std::string_view key) const { return find_in(entries_, key) != nullptr; }

const Defaults* Mapping::default_of(std::string_view key) const {
    if (says(key)) return nullptr;
    const auto found = std::find_if(defaults_.begin(), defaults_.end(), [&](const Defaults* each) {
        return find_in(each->entries, key) != nullptr;
    });
    return found == defaults_.end() ? nullptr : *found;
}

std::optional<Item> Mapping::find(std::string_view key) const {
    if (const Entry* const entry = find_in(entries_, key)) return entry->item;
    const Defaults* const defaults = default_of(key);
    if (defaults == nullptr) return std::nullopt;
    const Item& item = find_in(defaults->entries, key)->item;
    return Item{item.name + ", from the defaults of " + defaults->owner + ",", whole_.position, item.value,
                item.file()};
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

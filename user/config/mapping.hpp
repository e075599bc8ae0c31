// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/node.hpp"

namespace vrrp_xdp::config {

struct Defaults;

/// A mapping whose keys have names that we know. Every other key has been reported, with the nearest known
/// name.
class Mapping {
  public:
    /// Returns the mapping, or nothing, after reporting it, if the item is not a mapping or an empty one.
    /// allowed: what the item must be. known: names that outlive the mapping.
    static std::optional<Mapping> read(const Item& item, std::string_view allowed,
                                       std::span<const std::string_view> known, Mistakes& mistakes);

    /// A mapping with this entry alone.
    static Mapping of(Entry entry) { return {entry.item, {std::move(entry)}}; }

    const Item& whole() const { return whole_; }
    const std::vector<Entry>& entries() const { return entries_; }

    /// Keys that this one lacks are looked for among those, the first of them first. They outlive it.
    void fall_back_on(std::vector<const Defaults*> defaults) { defaults_ = std::move(defaults); }
    /// Whether the key stands here, and not only in the defaults.
    bool says(std::string_view key) const;
    /// The defaults that have the key which does not stand here, or null.
    const Defaults* default_of(std::string_view key) const;

    /// Returns the item of a key; the first one if the key is a duplicate. What is from defaults is said to
    /// be, and at the place of this mapping: a mistake in it is one of both together.
    std::optional<Item> find(std::string_view key) const;
    /// Returns the item of a key that must not be missing. allowed: what the value must be.
    std::optional<Item> require(std::string_view key, std::string_view allowed, Mistakes& mistakes) const;

    /// Returns the value under a key, or nothing if it is missing or a mistake.
    template <typename T>
    std::optional<T> value(std::string_view key, const Form<T>& form, Mistakes& mistakes) const {
        const auto item = find(key);
        return item ? read_value(*item, form, mistakes) : std::nullopt;
    }

  private:
    Mapping(Item whole, std::vector<Entry> entries)
        : whole_(std::move(whole)), entries_(std::move(entries)) {}

    Item whole_;
    std::vector<Entry> entries_;
    std::vector<const Defaults*> defaults_;
};

/// What stands under a key defaults, without those that are mistakes by themselves.
struct Defaults {
    std::vector<Entry> entries;
    std::string owner;  ///< "the file" or "eth0": whose Virtual Routers they are for
};

}  // namespace vrrp_xdp::config

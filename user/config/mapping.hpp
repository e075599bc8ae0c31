// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "config/node.hpp"

namespace vrrp_xdp::config {

/// A mapping whose keys have names that we know. Every other key has been reported, with the nearest known
/// name.
class Mapping {
  public:
    /// Nothing, after reporting it, if the item is not a mapping or an empty one.
    /// allowed: what the item must be. known: names that outlive the mapping.
    static std::optional<Mapping> read(const Item& item, std::string_view allowed,
                                       std::span<const std::string_view> known, Mistakes& mistakes);

    /// Returns the item of a key; the first one if the key is a duplicate.
    std::optional<Item> find(std::string_view key) const;
    /// The same for a key that may not be missing. allowed: what the value must be.
    std::optional<Item> require(std::string_view key, std::string_view allowed, Mistakes& mistakes) const;

    /// The value under a key, or nothing if it is missing or a mistake.
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
};

}  // namespace vrrp_xdp::config

// SPDX-License-Identifier: BSD-2-Clause
// A YAML tree as the readers see it. Every function here reports what is not as it should be, and goes on.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/mistakes.hpp"
#include "config/values.hpp"

namespace vrrp_xdp::config {

/// A value with what messages call it and where they say it stands.
struct Item {
    std::string name;
    Position position;
    YAML::Node value;
    std::optional<int> value_file{};  ///< of the value, where that is another one than the position's

    int file() const { return value_file.value_or(position.file); }
};

/// A key of a mapping with its value, which is called by the key.
struct Entry {
    Position key_position;
    Item item;
};

/// file: the one that the node is of.
Position position_of(const YAML::Node& node, int file);

/// Reports "<name> must be <allowed>, not <what is there>: <why>".
void refuse(const Item& item, std::string_view allowed, const std::string& why, Mistakes& mistakes);

/// Returns the entries of a mapping in the order of the file. Reports and leaves out keys that are not text;
/// reports and keeps duplicate keys. A value that is not a mapping, or an empty one, is reported and has no
/// entries. allowed: what the value must be.
std::vector<Entry> read_entries(const Item& item, std::string_view allowed, Mistakes& mistakes);

/// What a list may hold: 1 to limit elements, which messages call element and elements.
struct ListForm {
    std::string_view element;
    std::string_view elements;
    std::size_t limit;
    std::string_view why_no_more{};  ///< said of a longer list
};

/// Returns the elements of a list. Reports a list of another length, and leaves out what exceeds the limit.
std::vector<Item> read_list(const Item& item, const ListForm& form, Mistakes& mistakes);

/// Returns the scalar, or nothing if the node is not a scalar, or an empty one without quotes.
std::optional<Scalar> scalar_of(const YAML::Node& node);

/// Returns the value, or nothing if it was reported as a mistake.
template <typename T>
std::optional<T> read_value(const Item& item, const Form<T>& form, Mistakes& mistakes) {
    const auto scalar = scalar_of(item.value);
    const Parsed<T> parsed = scalar ? form.parse(*scalar) : tl::unexpected<std::string>(std::string());
    if (parsed) return *parsed;
    refuse(item, form.allowed, parsed.error(), mistakes);
    return std::nullopt;
}

}  // namespace vrrp_xdp::config

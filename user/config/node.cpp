// SPDX-License-Identifier: BSD-2-Clause
#include "config/node.hpp"

#include <map>
#include <utility>

#include "config/text.hpp"

namespace vrrp_xdp::config {
namespace {

std::string description_of(const YAML::Node& node) {
    switch (node.Type()) {
        case YAML::NodeType::Scalar:
            return quoted(node.Scalar());
        case YAML::NodeType::Sequence:
            return node.size() == 0 ? "an empty list" : "a list of " + std::to_string(node.size());
        case YAML::NodeType::Map:
            return node.size() == 0 ? "an empty mapping" : "a mapping";
        default:
            return "nothing";
    }
}

/// An empty value has no place of its own: yaml-cpp gives that of whatever comes next.
Position position_or(const YAML::Node& node, Position of_empty, int file) {
    return node.IsNull() ? of_empty : position_of(node, file);
}

}  // namespace

Position position_of(const YAML::Node& node, int file) {
    const YAML::Mark mark = node.Mark();
    if (mark.is_null()) return {.file = file};
    return {mark.line + 1, mark.column + 1, file};
}

void refuse(const Item& item, std::string_view allowed, const std::string& why, Mistakes& mistakes) {
    std::string message = item.name + " must be ";
    message += allowed;
    message += ", not " + description_of(item.value);
    if (!why.empty()) message += ": " + why;
    mistakes.add(item.position, std::move(message));
}

std::optional<Scalar> scalar_of(const YAML::Node& node) {
    if (!node.IsScalar()) return std::nullopt;
    // yaml-cpp tags a scalar in quotes "!", and a plain one "?".
    return Scalar{node.Scalar(), node.Tag() == "!"};
}

std::vector<Entry> read_entries(const Item& item, std::string_view allowed, Mistakes& mistakes) {
    if (!item.value.IsMap() || item.value.size() == 0) {
        refuse(item, allowed, {}, mistakes);
        return {};
    }
    std::vector<Entry> entries;
    std::map<std::string, Position> seen;
    for (const auto& pair : item.value) {
        const Position position = position_of(pair.first, item.file());
        if (!pair.first.IsScalar()) {
            mistakes.add(position, "a key must be text, not " + description_of(pair.first));
            continue;
        }
        const std::string& key = pair.first.Scalar();
        const auto [first, is_new] = seen.emplace(key, position);
        if (!is_new) {
            mistakes.add(position, "duplicate key " + quoted(key) + "; first defined on " +
                                       mistakes.spelt(first->second, position));
        }
        entries.push_back({position, {key, position_or(pair.second, position, position.file), pair.second}});
    }
    return entries;
}

std::vector<Item> read_list(const Item& item, const ListForm& form, Mistakes& mistakes) {
    const std::size_t size = item.value.IsSequence() ? item.value.size() : 0;
    if (size == 0 || size > form.limit) {
        std::string allowed = "a list of 1 to " + std::to_string(form.limit) + " ";
        refuse(item, allowed += form.elements, std::string(size == 0 ? "" : form.why_no_more), mistakes);
    }
    if (size == 0) return {};
    std::vector<Item> elements;
    for (const YAML::Node& element : item.value) {
        if (elements.size() == form.limit) break;
        std::string name(form.element);
        if (element.IsNull()) name += " " + std::to_string(elements.size() + 1) + " of this list";
        elements.push_back({std::move(name), position_or(element, item.position, item.file()), element});
    }
    return elements;
}

}  // namespace vrrp_xdp::config

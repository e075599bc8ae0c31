// SPDX-License-Identifier: BSD-2-Clause
#include "directives/definitions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace vrrp_xdp::keepalived {
namespace {

// More lines than any interface has room for Virtual Routers.
constexpr std::size_t most_rounds = 65536;

constexpr std::string_view spaces = " \t\r\n\v\f";
constexpr std::string_view ends_of_name = " \t,)";

bool is_name_character(char character) {
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '_';
}

/// A name does not begin with a digit.
std::size_t length_of_name(std::string_view text) {
    if (!text.empty() && text.front() >= '0' && text.front() <= '9') return 0;
    const auto* const end = std::find_if_not(text.begin(), text.end(), is_name_character);
    return static_cast<std::size_t>(end - text.begin());
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(spaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

/// A name behind a "$", and how many characters it takes up there with its braces.
struct Use {
    std::string_view name;
    std::size_t length;
};

/// The use of a definition at the beginning of the text behind a "$", or nothing.
std::optional<Use> use_in(std::string_view text) {
    const bool in_braces = text.starts_with('{');
    const std::string_view name = text.substr(in_braces ? 1 : 0);
    const std::size_t length = length_of_name(name);
    if (length == 0) return std::nullopt;
    if (in_braces) {
        if (length == name.size() || name[length] != '}') return std::nullopt;
        return Use{name.substr(0, length), length + 2};
    }
    if (length < name.size() && ends_of_name.find(name[length]) == std::string_view::npos)
        return std::nullopt;
    return Use{name.substr(0, length), length};
}

/// "a, b, {c, d}" at its commas; those in braces stay together.
std::vector<std::string_view> split_at_commas(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '{') ++depth;
        if (text[at] == '}') --depth;
        if (text[at] != ',' || depth > 0) continue;
        parts.push_back(trimmed(text.substr(begin, at - begin)));
        begin = at + 1;
    }
    parts.push_back(trimmed(text.substr(begin)));
    return parts;
}

/// "{a, b}" as two, "a" as one.
std::vector<std::string> together(std::string_view text) {
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') return {std::string(text)};
    std::vector<std::string> values;
    for (const std::string_view part : split_at_commas(text.substr(1, text.size() - 2)))
        values.emplace_back(part);
    return values;
}

/// A number as C writes it: 12 or 0x0c.
std::optional<std::int64_t> number_in(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);
    std::int32_t number = 0;
    const auto [stop, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, hexadecimal ? 16 : 10);
    if (error != std::errc() || stop != text.data() + text.size() || number < 0) return std::nullopt;
    return negative ? -std::int64_t{number} : std::int64_t{number};
}

std::string text_of(std::int64_t number, bool hexadecimal) {
    if (!hexadecimal) return std::to_string(number);
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "%llx", static_cast<unsigned long long>(number));
    return text.data();
}

/// NAME, first, step, last; step and first may be missing.
Result<Repetition> sequence(const std::vector<std::string_view>& parts, bool hexadecimal) {
    const std::string form = "~SEQ takes a name and up to three numbers: (NAME, first, step, last)";
    if (parts.size() < 2 || parts.size() > 4) return failure(form);
    std::vector<std::int64_t> numbers;
    for (std::size_t at = 1; at < parts.size(); ++at) {
        const auto number = number_in(parts[at]);
        if (!number) return failure(form);
        numbers.push_back(*number);
    }
    const std::int64_t last = numbers.back();
    const std::int64_t first = numbers.size() > 1 ? numbers.front() : (last < 0 ? -1 : 1);
    const std::int64_t step = numbers.size() > 2 ? numbers[1] : (last < first ? -1 : 1);
    if (step == 0) return failure("~SEQ with a step of 0 never ends");

    Repetition repetition{{std::string(parts.front())}, {}, {}};
    for (std::int64_t at = first; step > 0 ? at <= last : at >= last; at += step) {
        if (repetition.rounds.size() == most_rounds) return failure("~SEQ of more than 65536 lines");
        repetition.rounds.push_back({text_of(at, hexadecimal)});
    }
    return repetition;
}

/// NAME, value, … or {NAME, NAME}, {value, value}, …
Result<Repetition> list(const std::vector<std::string_view>& parts) {
    Repetition repetition{together(parts.front()), {}, {}};
    for (std::size_t at = 1; at < parts.size(); ++at) {
        repetition.rounds.push_back(together(parts[at]));
        if (repetition.rounds.back().size() > repetition.names.size())
            return failure("~LST has more values than names");
        repetition.rounds.back().resize(repetition.names.size());
    }
    return repetition;
}

}  // namespace

std::optional<Definition> definition_in(std::string_view line) {
    if (!line.starts_with('$')) return std::nullopt;
    line.remove_prefix(1);
    const std::size_t length = length_of_name(line);
    if (length == 0 || length == line.size() || line[length] != '=') return std::nullopt;
    return Definition{line.substr(0, length), trimmed(line.substr(length + 1))};
}

void Definitions::set(std::string_view name, std::string_view value) {
    values_.insert_or_assign(std::string(name), std::string(value));
}

std::string Definitions::replaced_in(std::string_view line) const {
    std::string text;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const auto use = line[at] == '$' ? use_in(line.substr(at + 1)) : std::nullopt;
        const auto value = use ? values_.find(use->name) : values_.end();
        const bool is_at_end = use && at + 1 + use->length == line.size();
        if (value == values_.end() || (!is_at_end && value->second.find('\n') != std::string::npos)) {
            text += line[at];
        } else {
            text += value->second;
            at += use->length;
        }
    }
    return text;
}

bool is_random(std::string_view line) {
    return line.find("$_RANDOM") != std::string_view::npos ||
           line.find("${_RANDOM") != std::string_view::npos;
}

std::optional<std::string_view> first_in_braces(std::string_view line) {
    bool is_quoted = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '"') is_quoted = !is_quoted;
        if (is_quoted || line.substr(at, 2) != "${") continue;
        const auto use = use_in(line.substr(at + 1));
        return use ? use->name : line.substr(at + 2, line.find('}', at) - at - 2);
    }
    return std::nullopt;
}

Result<Repetition> repetition_in(std::string_view line, const Definitions& definitions) {
    const std::size_t open = line.find('(');
    const std::size_t close = line.find(')');
    const std::string_view kind = trimmed(line.substr(0, std::min(open, line.size())));
    const bool is_list = kind == "~LST";
    if (!is_list && kind != "~SEQ" && kind != "~SEQx")
        return failure("a line that begins with ~ must be ~SEQ(…), ~SEQx(…) or ~LST(…)");
    if (close == std::string_view::npos || close < open) return failure("a ) is missing on this line");

    std::string values(line.substr(open + 1, close - open - 1));
    if (!is_list) values = definitions.replaced_in(values);
    const auto parts = split_at_commas(values);
    auto repetition = is_list ? list(parts) : sequence(parts, kind == "~SEQx");
    if (!repetition) return repetition;
    for (const std::string& name : repetition->names) {
        if (name.empty() || length_of_name(name) != name.size())
            return failure("a name consists of letters, digits and underscores");
    }
    repetition->rest = trimmed(line.substr(close + 1));
    return repetition;
}

}  // namespace vrrp_xdp::keepalived

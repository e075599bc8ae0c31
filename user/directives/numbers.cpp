// SPDX-License-Identifier: BSD-2-Clause
#include "directives/numbers.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace vrrp_xdp::keepalived {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view spaces = " \t\r\n\v\f";
// More than any of keepalived's limits, in microseconds too.
constexpr std::size_t most_digits = 18;

std::string_view without_indent(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(spaces), text.size()));
}

/// A number of digits alone; nothing if there are too many.
std::optional<std::int64_t> value_of(std::string_view text) {
    if (text.size() > most_digits) return std::nullopt;
    std::int64_t number = 0;
    for (const char digit : text) number = number * 10 + (digit - '0');
    return number;
}

}  // namespace

std::optional<std::int64_t> number_in(std::string_view text) {
    constexpr std::size_t most = 9;
    std::string_view rest = without_indent(text);
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    if (rest.empty() || rest.size() > most || rest.find_first_not_of(digits) != std::string_view::npos)
        return std::nullopt;
    return negative ? -*value_of(rest) : *value_of(rest);
}

std::optional<std::int64_t> leading_number(std::string_view text, std::int64_t least, std::int64_t most) {
    text = without_indent(text);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const auto value = value_of(text.substr(0, text.find_first_not_of(digits)));
    if (!value) return std::nullopt;
    const std::int64_t number = negative ? -*value : *value;
    if (number < least || number > most) return std::nullopt;
    return number;
}

std::optional<protocol::Duration> seconds_in(std::string_view text, protocol::Duration least,
                                             protocol::Duration most) {
    constexpr std::size_t places = 6;
    if (text.starts_with('-')) return std::nullopt;
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view decimals = text.substr(std::min(point + 1, text.size()));
    const bool rounds_up = decimals.size() > places && decimals[places] >= '5';
    std::string microseconds(text.substr(0, point));
    microseconds += decimals.substr(0, places);
    microseconds.append(places - std::min(places, decimals.size()), '0');
    const auto value = leading_number(microseconds, 0, std::int64_t{1} << 50);
    if (!value) return std::nullopt;
    const protocol::Duration duration = std::chrono::microseconds(*value + (rounds_up ? 1 : 0));
    if (duration < least || duration > most) return std::nullopt;
    return duration;
}

std::optional<bool> flag_in(std::string_view text) {
    if (text.empty() || text == "on" || text == "true" || text == "yes") return true;
    if (text == "off" || text == "false" || text == "no") return false;
    return std::nullopt;
}

}  // namespace vrrp_xdp::keepalived

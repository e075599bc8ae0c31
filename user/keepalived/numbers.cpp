// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/numbers.hpp"

#include <chrono>

namespace vrrp_xdp::keepalived {
namespace {

constexpr std::string_view digits = "0123456789";

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= 9 && text.find_first_not_of(digits) == std::string_view::npos;
}

}  // namespace

std::optional<std::int64_t> number_in(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (!is_digits(text)) return std::nullopt;
    std::int64_t number = 0;
    for (const char digit : text) number = number * 10 + (digit - '0');
    return negative ? -number : number;
}

std::optional<protocol::Duration> seconds_in(std::string_view text) {
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (!is_digits(whole.empty() && !decimals.empty() ? "0" : whole)) return std::nullopt;
    if (decimals.find_first_not_of(digits) != std::string_view::npos) return std::nullopt;

    protocol::Duration unit = std::chrono::seconds(1);
    protocol::Duration result{};
    for (const char digit : whole) result = result * 10 + unit * (digit - '0');
    for (const char digit : decimals) {
        unit /= 10;
        result += unit * (digit - '0');
    }
    return result;
}

std::optional<protocol::Duration> delay_in(std::string_view text) {
    const auto delay = seconds_in(text);
    if (!delay || *delay > std::chrono::seconds(3600)) return std::nullopt;
    return std::chrono::round<std::chrono::milliseconds>(*delay);
}

std::optional<bool> flag_in(std::string_view text) {
    if (text.empty() || text == "on" || text == "true" || text == "yes") return true;
    if (text == "off" || text == "false" || text == "no") return false;
    return std::nullopt;
}

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#include "history/moment.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <optional>
#include <string_view>

namespace vrrp_xdp::history {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 24 * 3600 * kSecond;

tl::unexpected<Error> not_a_time(const std::string& text) {
    return failure(
        "'" + text + "' is not a time",
        "write 15m, 3h or 9d for so long ago, or a time in UTC such as '2026-11-28 19:30', 19:30 or "
        "2026-11-28T19:30:05.25Z");
}

/// "90s" and the like.
std::optional<std::int64_t> parse_ago(std::string_view text) {
    constexpr std::int64_t kMost = 100'000;  // days; no history is that old
    if (text.size() < 2) return std::nullopt;
    std::int64_t unit = 0;
    switch (text.back()) {
        case 's':
            unit = kSecond;
            break;
        case 'm':
            unit = 60 * kSecond;
            break;
        case 'h':
            unit = 3600 * kSecond;
            break;
        case 'd':
            unit = kDay;
            break;
        default:
            return std::nullopt;
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size() - 1;
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end || number < 0 || number > kMost * kDay / unit)
        return std::nullopt;
    return number * unit;
}

/// The fraction of a second behind the point that may stand there; nothing if something else does.
std::optional<std::int64_t> parse_fraction(std::string_view text) {
    if (text.ends_with('Z')) text.remove_suffix(1);
    if (text.empty()) return 0;
    if (text.front() != '.' || text.size() < 2) return std::nullopt;
    std::int64_t nanoseconds = 0;
    std::int64_t unit = kSecond / 10;
    for (const char digit : text.substr(1)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        nanoseconds += (digit - '0') * unit;
        unit /= 10;
    }
    return nanoseconds;
}

/// By one of strptime()'s formats. parts: what the text does not say.
std::optional<std::int64_t> parse_by(const char* format, const std::string& text, std::tm parts) {
    const char* const rest = strptime(text.c_str(), format, &parts);
    if (rest == nullptr) return std::nullopt;
    const auto fraction = parse_fraction(rest);
    if (!fraction) return std::nullopt;
    return timegm(&parts) * kSecond + *fraction;
}

}  // namespace

std::int64_t calendar_now() {
    using std::chrono::system_clock;
    return std::chrono::nanoseconds(system_clock::now().time_since_epoch()).count();
}

std::string calendar_time(std::int64_t time_ns) {
    const std::time_t seconds = time_ns / kSecond;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    return fmt::format("{}.{:06}Z", text.data(), time_ns % kSecond / 1000);
}

Result<std::int64_t> parse_moment(const std::string& text, std::int64_t now) {
    if (const auto ago = parse_ago(text)) return now - *ago;
    for (const char* const format :
         {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"})
        if (const auto found = parse_by(format, text, {})) return *found;
    const std::time_t seconds = now / kSecond;
    std::tm today{};
    gmtime_r(&seconds, &today);
    today.tm_sec = 0;
    for (const char* const format : {"%H:%M:%S", "%H:%M"})
        if (const auto found = parse_by(format, text, today)) return *found > now ? *found - kDay : *found;
    return not_a_time(text);
}

}  // namespace vrrp_xdp::history

// SPDX-License-Identifier: BSD-2-Clause
#include "config/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <utility>
#include <variant>
#include <vector>

#include "config/config.hpp"

namespace vrrp_xdp::config {
namespace {

constexpr std::size_t longest_quotation = 60;
constexpr std::size_t longest_known_name = 40;

std::string escaped(char character) {
    if (character == '\n') return "\\n";
    if (character == '\t') return "\\t";
    if (character == '"' || character == '\\') return {'\\', character};
    if (character >= ' ' && character <= '~') return {character};
    std::array<char, 5> text{};
    std::snprintf(text.data(), text.size(), "\\x%02x", static_cast<unsigned char>(character));
    return text.data();
}

char lower(char character) { return static_cast<char>(std::tolower(static_cast<unsigned char>(character))); }

/// How many letters have to be changed, added, left out or swapped with their neighbour.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last(b.size() + 1);
    for (std::size_t column = 0; column <= b.size(); ++column) last[column] = column;
    for (std::size_t row = 1; row <= a.size(); ++row) {
        std::vector<std::size_t> current(b.size() + 1, row);
        for (std::size_t column = 1; column <= b.size(); ++column) {
            const bool same = lower(a[row - 1]) == lower(b[column - 1]);
            current[column] =
                std::min({last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0U : 1U)});
            const bool swapped = row > 1 && column > 1 && lower(a[row - 1]) == lower(b[column - 2]) &&
                                 lower(a[row - 2]) == lower(b[column - 1]);
            if (swapped) current[column] = std::min(current[column], before_last[column - 2] + 1);
        }
        before_last = std::exchange(last, std::move(current));
    }
    return last.back();
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char character : text.substr(0, longest_quotation)) result += escaped(character);
    return result + (text.size() > longest_quotation ? "...\"" : "\"");
}

std::string listed(std::span<const std::string_view> names) {
    std::string result;
    for (const std::string_view name : names) {
        if (!result.empty()) result += ", ";
        result += name;
    }
    return result;
}

std::string_view name_of(protocol::Family family) {
    return family == protocol::Family::Ipv4 ? "IPv4" : "IPv6";
}

std::string spelt(protocol::Duration time) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    if (milliseconds % 1000 == 0) return std::to_string(milliseconds / 1000) + "s";
    return std::to_string(milliseconds) + "ms";
}

std::string spelt(bool flag) { return flag ? "true" : "false"; }

std::string spelt(std::span<const protocol::IpAddress> addresses) {
    std::string text = "[";
    for (const protocol::IpAddress& address : addresses)
        text += (text.size() > 1 ? ", " : "") + address.to_string();
    return text + "]";
}

std::string spelt(const Track& track) {
    const auto* const lower = std::get_if<Track::Lower>(&track.effect);
    if (lower != nullptr) return track.tracker + ": -" + std::to_string(lower->by);
    const bool is_fault = std::holds_alternative<Track::Fault>(track.effect);
    return track.tracker + (is_fault ? ": fault" : ": value");
}

std::string spelt_versions(const VirtualRouter& router) {
    if (router.also_version_2) return "2+3";
    return router.version == protocol::Version::V2 ? "2" : "3";
}

std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> known) {
    if (name.size() > longest_known_name) return std::nullopt;
    std::optional<std::string_view> best;
    std::size_t best_distance = 0;
    for (const std::string_view candidate : known) {
        const std::size_t letters = distance(name, candidate);
        // More than a third of the letters wrong is another word, not a slip.
        const bool near = letters * 3 <= std::max(name.size(), candidate.size());
        if (near && (!best || letters < best_distance)) {
            best = candidate;
            best_distance = letters;
        }
    }
    return best;
}

}  // namespace vrrp_xdp::config

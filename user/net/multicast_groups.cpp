// SPDX-License-Identifier: BSD-2-Clause
#include "net/multicast_groups.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

namespace vrrp_xdp::net {
namespace {

using protocol::IpAddress;

std::string contents_of(const char* path) {
    const std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

template <typename Number>
std::optional<Number> number_in(const std::string& text, int base) {
    Number number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(number)
                                                                           : std::nullopt;
}

/// "010000E0": the four bytes as a number of this machine.
std::optional<IpAddress> ipv4_in(const std::string& text) {
    const auto number = number_in<std::uint32_t>(text, 16);
    if (!number) return std::nullopt;
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &*number, bytes.size());
    return IpAddress::from_bytes(bytes);
}

/// "ff020000000000000000000000000012".
std::optional<IpAddress> ipv6_in(const std::string& text) {
    std::array<std::uint8_t, 16> bytes{};
    if (text.size() != 2 * bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = number_in<std::uint8_t>(text.substr(2 * i, 2), 16);
        if (!byte) return std::nullopt;
        bytes.at(i) = *byte;
    }
    return IpAddress::from_bytes(bytes);
}

/// An interface's line is followed by those of its groups, which begin with white space.
void read_ipv4(const std::string& igmp, JoinedGroups& groups) {
    std::istringstream lines(igmp);
    unsigned index = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (line.empty() || line.front() == '\t' || line.front() == ' ') {
            if (const auto group = ipv4_in(first); group && index != 0) groups[index].insert(*group);
        } else {
            index = number_in<unsigned>(first, 10).value_or(0);
        }
    }
}

/// A line for each group: index, name of the interface, group.
void read_ipv6(const std::string& igmp6, JoinedGroups& groups) {
    std::istringstream lines(igmp6);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string index;
        std::string name;
        std::string group;
        words >> index >> name >> group;
        const auto number = number_in<unsigned>(index, 10);
        const auto address = ipv6_in(group);
        if (number && address) groups[*number].insert(*address);
    }
}

}  // namespace

JoinedGroups joined_groups() {
    return read_joined_groups(contents_of("/proc/thread-self/net/igmp"),
                              contents_of("/proc/thread-self/net/igmp6"));
}

JoinedGroups read_joined_groups(const std::string& igmp, const std::string& igmp6) {
    JoinedGroups groups;
    read_ipv4(igmp, groups);
    read_ipv6(igmp6, groups);
    return groups;
}

}  // namespace vrrp_xdp::net

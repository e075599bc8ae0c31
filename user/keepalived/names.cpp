// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/names.hpp"

#include <string_view>

namespace vrrp_xdp::keepalived {

std::string name_from(const std::string& name, std::set<std::string>& taken) {
    constexpr std::size_t longest = 32;
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    std::string wanted = name.empty() ? "unnamed" : name.substr(0, longest);
    for (char& character : wanted) {
        if (allowed.find(character) == std::string_view::npos) character = '-';
    }
    std::string unique = wanted;
    for (int number = 2; !taken.insert(unique).second; ++number) {
        const std::string suffix = "-" + std::to_string(number);
        unique = wanted.substr(0, longest - suffix.size()) + suffix;
    }
    return unique;
}

}  // namespace vrrp_xdp::keepalived

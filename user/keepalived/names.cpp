// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/names.hpp"

#include <string_view>

#include "config/text.hpp"

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

bool has_name_of_its_own(const Directive& block, std::set<std::string>& taken, Notes& notes) {
    const std::string what = block.name() + ' ' + config::quoted(block.argument());
    if (block.words.size() != 2)
        notes.left_out(block.place, what,
                       "keepalived also ignores it: it must have exactly one name of one word");
    else if (!taken.insert(block.words[1]).second)
        notes.left_out(block.place, what,
                       "keepalived also ignores it because another one with its name is defined before it");
    else
        return true;
    return false;
}

}  // namespace vrrp_xdp::keepalived

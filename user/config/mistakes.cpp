// SPDX-License-Identifier: BSD-2-Clause
#include "config/mistakes.hpp"

#include <algorithm>
#include <tuple>

namespace vrrp_xdp::config {

std::string Mistake::to_string(const std::string& named) const {
    return Place{file.empty() ? named : file, line, column}.to_string() + ": " + message;
}

int Mistakes::add_file(std::string name) {
    files_.push_back(std::move(name));
    return static_cast<int>(files_.size()) - 1;
}

void Mistakes::add(Position position, std::string message) {
    mistakes_.push_back({position, std::move(message)});
}

Place Mistakes::place_of(Position position) const {
    return {files_[static_cast<std::size_t>(position.file)], position.line, position.column};
}

std::string Mistakes::spelt(Position place, Position from) const {
    if (place.file == from.file) return "line " + std::to_string(place.line);
    return "line " + std::to_string(place.line) + " of " + place_of(place).file;
}

std::vector<Mistake> Mistakes::in_order() && {
    const auto key = [](const Entry& each) {
        return std::tie(each.position.file, each.position.line, each.position.column);
    };
    std::stable_sort(mistakes_.begin(), mistakes_.end(),
                     [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
    const auto same = [](const Entry& a, const Entry& b) {
        return a.position == b.position && a.message == b.message;
    };
    mistakes_.erase(std::unique(mistakes_.begin(), mistakes_.end(), same), mistakes_.end());
    std::vector<Mistake> mistakes;
    for (Entry& each : mistakes_)
        mistakes.push_back({each.position.line, each.position.column, std::move(each.message),
                            each.position.file == 0 ? std::string() : place_of(each.position).file});
    return mistakes;
}

}  // namespace vrrp_xdp::config

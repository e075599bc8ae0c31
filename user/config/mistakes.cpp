// SPDX-License-Identifier: BSD-2-Clause
#include "config/mistakes.hpp"

#include <algorithm>
#include <tuple>

namespace vrrp_xdp::config {

std::string Mistake::to_string(const std::string& file) const {
    if (line == 0) return file + ": " + message;
    return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message;
}

void Mistakes::add(Position position, std::string message) {
    mistakes_.push_back({position.line, position.column, std::move(message)});
}

std::vector<Mistake> Mistakes::in_order() && {
    const auto key = [](const Mistake& mistake) { return std::tie(mistake.line, mistake.column); };
    std::stable_sort(mistakes_.begin(), mistakes_.end(),
                     [&](const Mistake& a, const Mistake& b) { return key(a) < key(b); });
    const auto same = [&](const Mistake& a, const Mistake& b) {
        return key(a) == key(b) && a.message == b.message;
    };
    mistakes_.erase(std::unique(mistakes_.begin(), mistakes_.end(), same), mistakes_.end());
    return std::move(mistakes_);
}

}  // namespace vrrp_xdp::config

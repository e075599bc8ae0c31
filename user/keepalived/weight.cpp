// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/weight.hpp"

#include <algorithm>

#include "config/text.hpp"
#include "keepalived/numbers.hpp"

namespace vrrp_xdp::keepalived {

std::optional<Weight> read_weight(const Directive& line, Notes& notes) {
    const auto found = std::find(line.words.begin(), line.words.end(), "weight");
    if (found == line.words.end()) return std::nullopt;
    const auto value = found + 1 == line.words.end() ? std::nullopt : number_in(*(found + 1));
    if (!value || *value < -253 || *value > 253) {
        notes.left_out(line.place, config::quoted("weight"), "it must be a number from -253 to 253");
        return std::nullopt;
    }
    return Weight{static_cast<int>(*value), line.words.back() == "reverse"};
}

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#include "config/origin.hpp"

namespace vrrp_xdp::config {

std::string Place::to_string() const {
    if (line == 0) return file;
    return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

const Place& Origin::of(std::string_view key) const {
    const auto found = values.find(key);
    return found == values.end() ? whole : found->second.place;
}

const Place& Origin::of(std::string_view key, std::size_t element) const {
    const auto found = values.find(key);
    if (found == values.end() || element >= found->second.elements.size()) return of(key);
    return found->second.elements[element];
}

}  // namespace vrrp_xdp::config

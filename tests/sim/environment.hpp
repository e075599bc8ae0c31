// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>

namespace vrrp_xdp::sim {

/// Returns the number in an environment variable; nothing if there is none of this name.
inline std::optional<std::uint64_t> number_from(const char* variable) {
    const char* text = std::getenv(variable);
    return text ? std::optional<std::uint64_t>(std::strtoull(text, nullptr, 0)) : std::nullopt;
}

}  // namespace vrrp_xdp::sim

// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace vrrp_xdp::protocol {

std::string to_string(State state) {
    switch (state) {
        case State::Initialize:
            return "initialize";
        case State::Backup:
            return "backup";
        case State::Active:
            return "active";
    }
    return "unknown";
}

std::string to_string(Family family) { return family == Family::Ipv4 ? "ipv4" : "ipv6"; }

std::string to_string(Duration duration) {
    const auto nanoseconds = duration.count();
    if (nanoseconds % 1'000'000'000 == 0) return std::to_string(nanoseconds / 1'000'000'000) + "s";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%gms", milliseconds(duration));
    return text.data();
}

double milliseconds(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

}  // namespace vrrp_xdp::protocol

// SPDX-License-Identifier: BSD-2-Clause
// Random choices that a seed alone decides: the standard's distributions differ from library to library.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <random>

#include "protocol/types.hpp"

namespace vrrp_xdp::sim {

class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// 0 to bound - 1. The remainder's bias is below one in 2^40 for the bounds used here.
    std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
    bool percent(unsigned chance) { return below(100) < chance; }

    /// Both ends included.
    protocol::Duration between(protocol::Duration least, protocol::Duration most) {
        return least + protocol::Duration(below(static_cast<std::uint64_t>((most - least).count()) + 1));
    }
    protocol::Duration up_to(protocol::Duration most) { return between({}, most); }

    template <typename T>
    T pick(std::initializer_list<T> choices) {
        return *std::next(choices.begin(), static_cast<std::ptrdiff_t>(below(choices.size())));
    }

  private:
    std::mt19937_64 engine_;
};

/// The first byte of an IPv4 address that a router may have: neither the loopback network's nor a group's.
inline std::uint8_t first_byte(Random& random) {
    const std::uint64_t drawn = 1 + random.below(222);
    return static_cast<std::uint8_t>(drawn < 127 ? drawn : drawn + 1);
}

}  // namespace vrrp_xdp::sim

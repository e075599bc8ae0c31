// SPDX-License-Identifier: BSD-2-Clause
// A number that stands for a state: times count from now, so that what repeats is the same again.
#pragma once

#include <cstdint>

#include "protocol/types.hpp"

namespace vrrp_xdp::sim {

class Digest {
  public:
    explicit Digest(protocol::TimePoint now) : now_(now) {}

    void add(std::uint64_t word) {
        value_ = (value_ ^ word) * 0x9e3779b97f4a7c15ULL;
        value_ ^= value_ >> 29;
        value_ = (value_ + 0x632be59bd9b4e019ULL) * 0xbf58476d1ce4e5b9ULL;
        value_ ^= value_ >> 32;
    }
    void add_time(protocol::TimePoint time) {
        add(time == protocol::TimePoint::max() ? ~std::uint64_t{0}
                                               : static_cast<std::uint64_t>((time - now_).count()));
    }
    /// All that is over is the same.
    void add_future(protocol::TimePoint time) { is_future(time) ? add_time(time) : add(0); }
    /// All before is the same.
    void add_since(protocol::TimePoint time, protocol::TimePoint earliest) {
        add_time(time < earliest ? earliest : time);
    }
    bool is_future(protocol::TimePoint time) const { return time > now_; }
    std::uint64_t value() const { return value_; }

  private:
    protocol::TimePoint now_;
    std::uint64_t value_ = 14695981039346656037ULL;
};

}  // namespace vrrp_xdp::sim

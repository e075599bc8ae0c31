// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <compare>
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"

namespace vrrp_xdp::config {

/// A place in the file. Lines and columns count from 1; line 0 is the file as a whole.
struct Position {
    int line = 0;
    int column = 0;
    friend constexpr auto operator<=>(Position, Position) = default;
};

/// Gathers the mistakes of one file, so that a reader can go on after each and report all at once.
class Mistakes {
  public:
    void add(Position position, std::string message);
    bool empty() const { return mistakes_.empty(); }

    /// In the order of the file. A mistake in a text that is used twice, by an alias, stands once.
    std::vector<Mistake> in_order() &&;

  private:
    std::vector<Mistake> mistakes_;
};

}  // namespace vrrp_xdp::config

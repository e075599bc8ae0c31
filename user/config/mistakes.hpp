// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "config/origin.hpp"

namespace vrrp_xdp::config {

/// A place in one of the files. Lines and columns count from 1; line 0 is the file as a whole.
struct Position {
    int line = 0;
    int column = 0;
    int file = 0;  ///< by the order in which they are read
    friend constexpr bool operator==(Position, Position) = default;
};

/// Gathers the mistakes of a configuration, so that a reader can go on after each and report all at once.
class Mistakes {
  public:
    /// file: the one that is read first.
    explicit Mistakes(std::string file = {}) : files_{std::move(file)} {}

    /// Another file, which an earlier one includes. Returns its number.
    int add_file(std::string name);
    void add(Position position, std::string message);
    bool empty() const { return mistakes_.empty(); }
    std::size_t count() const { return mistakes_.size(); }

    Place place_of(Position position) const;
    /// How a message about one place names another: "line 3", or with the file where that is another one.
    std::string spelt(Position place, Position from) const;

    /// In the order of the files and their lines. A mistake in a text that is used twice, by an alias, stands
    /// once.
    std::vector<Mistake> in_order() &&;

  private:
    struct Entry {
        Position position;
        std::string message;
    };
    std::vector<std::string> files_;
    std::vector<Entry> mistakes_;
};

}  // namespace vrrp_xdp::config

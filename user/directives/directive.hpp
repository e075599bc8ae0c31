// SPDX-License-Identifier: BSD-2-Clause
// A keepalived.conf as a tree: what stands where, before anything is known about what it means.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vrrp_xdp::keepalived {

/// A line of one of the files, and where its text begins. Both count from 1; line 0 is the file as a whole.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;

    std::string to_string() const { return line == 0 ? file : file + ':' + std::to_string(line); }
    friend bool operator==(const Place&, const Place&) = default;
};

/// One line of a block, and the block that it opens if it does.
struct Directive {
    Place place;
    std::vector<std::string> words;  ///< at least one, the first is the name; without double quotes
    std::string text{};              ///< the line as it stands, for what reads quotes in another way
    std::size_t order = 0;           ///< how many stand before it, in the order of reading
    std::vector<Directive> children{};

    const std::string& name() const { return words.front(); }
    /// Returns the word at this place after the name, or nothing.
    std::string_view argument(std::size_t index = 0) const {
        return index + 1 < words.size() ? std::string_view(words[index + 1]) : std::string_view();
    }
};

/// A message about a place: a mistake, or what happens to a directive.
struct Remark {
    Place place;
    std::string text;

    std::string to_string() const { return place.to_string() + ": " + text; }
};

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "directives/directive.hpp"

namespace vrrp_xdp::keepalived {

/// Makes a tree of directives out of lines, which it is given one after the other.
class Tree {
  public:
    /// Adds a line without braces. words: at least one.
    void add_line(const Place& place, std::string_view text, std::vector<std::string> words);
    /// Begins the block of the line before.
    void open_block(const Place& place);
    void close_block(const Place& place);

    /// Returns the outermost directives, after the last line was added. Unbalanced braces are mistakes.
    std::vector<Directive> finish();

    const std::vector<Remark>& mistakes() const { return mistakes_; }

  private:
    std::vector<Directive>& innermost() { return open_.empty() ? top_ : open_.back().children; }

    std::vector<Directive> top_;
    std::vector<Directive> open_;  ///< blocks that have begun, from the outside in
    std::vector<Remark> mistakes_;
    std::size_t lines_ = 0;
    bool is_too_deep_ = false;
};

}  // namespace vrrp_xdp::keepalived

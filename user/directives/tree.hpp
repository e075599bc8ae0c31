// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "directives/directive.hpp"
#include "directives/words.hpp"

namespace vrrp_xdp::keepalived {

/// Makes a tree of directives out of lines, which it is given one after the other.
class Tree {
  public:
    /// A line's words belong to one directive, up to a brace.
    void add_line(const Place& place, const std::vector<Word>& words);

    /// The outermost directives, once the last line was added. Braces without their other half are mistakes.
    std::vector<Directive> finish();

    const std::vector<Remark>& mistakes() const { return mistakes_; }

  private:
    std::vector<Directive>& innermost() { return open_.empty() ? top_ : open_.back().children; }
    void open_block(const Place& place);
    void close_block(const Place& place);
    void end_directive(const Place& place);

    std::vector<Directive> top_;
    std::vector<Directive> open_;     ///< blocks that have begun, from the outside in
    std::vector<std::string> words_;  ///< of the directive that is being read
    std::vector<Remark> mistakes_;
    bool is_too_deep_ = false;
};

}  // namespace vrrp_xdp::keepalived

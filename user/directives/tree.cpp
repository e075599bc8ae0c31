// SPDX-License-Identifier: BSD-2-Clause
#include "directives/tree.hpp"

#include <utility>

#include "config/text.hpp"

namespace vrrp_xdp::keepalived {
namespace {

// keepalived's own blocks nest four deep. Trees are walked by recursion, when they are destroyed at the
// latest.
constexpr std::size_t deepest_block = 64;

}  // namespace

void Tree::add_line(const Place& place, std::string_view text, std::vector<std::string> words) {
    innermost().push_back({place, std::move(words), std::string(text), ++lines_});
}

std::vector<Directive> Tree::finish() {
    while (!open_.empty()) {
        const Directive& block = open_.back();
        mistakes_.push_back(
            {block.place, "the block " + config::quoted(block.name()) + " is not closed: a } is missing"});
        Directive closed = std::move(open_.back());
        open_.pop_back();
        innermost().push_back(std::move(closed));
    }
    return std::move(top_);
}

void Tree::open_block(const Place& place) {
    if (open_.size() == deepest_block) {
        if (!std::exchange(is_too_deep_, true))
            mistakes_.push_back({place, "blocks are nested more than 64 deep"});
        return;
    }
    std::vector<Directive>& around = innermost();
    if (around.empty() || !around.back().children.empty()) {
        mistakes_.push_back({place, "a block without a name begins here"});
        open_.push_back({place, {std::string()}});
        return;
    }
    Directive block = std::move(around.back());
    around.pop_back();
    open_.push_back(std::move(block));
}

void Tree::close_block(const Place& place) {
    if (open_.empty()) {
        mistakes_.push_back({place, "unmatched }: a { is missing, or this } is superfluous"});
        return;
    }
    Directive closed = std::move(open_.back());
    open_.pop_back();
    innermost().push_back(std::move(closed));
}

}  // namespace vrrp_xdp::keepalived

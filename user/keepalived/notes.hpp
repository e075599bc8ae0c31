// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "directives/directive.hpp"

namespace vrrp_xdp::keepalived {

/// Gathers what a user of the new configuration must know: what it lacks, and what is not as it was.
class Notes {
  public:
    /// "name is not carried over: why". why: a clause that says what to do instead, or that nothing is lost.
    void left_out(const Directive& directive, std::string_view why);
    /// The same of something that no single directive stands for.
    void left_out(const Place& place, std::string_view what, std::string_view why);
    /// Something is carried over, and yet not quite the same.
    void differs(const Place& place, std::string text);
    /// The same, of which only the first place is told.
    void differs_once(const Place& place, const std::string& text);

    /// In the order of the files and lines; what stands twice stands once.
    std::vector<Remark> in_order() &&;

  private:
    std::vector<Remark> remarks_;
    std::set<std::string> told_;
};

}  // namespace vrrp_xdp::keepalived

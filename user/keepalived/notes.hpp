// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "directives/directive.hpp"

namespace vrrp_xdp::keepalived {

/// What follows from a note, the worst first.
enum class Consequence {
    Disagreement,  ///< this router and a keepalived of the same file would both be Active, or not agree
    Loss,          ///< something that the file asks for is missing
    Change,        ///< something is carried over, and yet not quite the same
    Nothing,       ///< a directive is left out that nobody misses
};

/// What a user of the new configuration must know.
struct Note : Remark {
    Consequence consequence;
};

/// Gathers what the new configuration lacks, and what is not as it was.
class Notes {
  public:
    /// Notes "name is not carried over: why". why: a clause that says what to do instead, or, as its first
    /// words, that "nothing is lost" or that "keepalived also ignores it".
    void left_out(const Directive& directive, std::string_view why);
    /// Notes "what is not carried over: why", for something without a single directive.
    void left_out(const Place& place, std::string_view what, std::string_view why);
    /// Notes something that is carried over with a different meaning.
    void differs(const Place& place, std::string text);
    /// Notes such a difference only at the first place.
    void differs_once(const Place& place, const std::string& text);
    /// Notes that this router and a keepalived with the same file would disagree.
    void disagrees(const Place& place, std::string text);

    /// Returns them by consequence, and then in the order of the files and lines; duplicates appear
    /// once.
    std::vector<Note> in_order() &&;

  private:
    std::vector<Note> notes_;
    std::set<std::string> told_;
};

/// Returns the notes as lines of text: those of no consequence, which are the last ones, share a line.
std::vector<std::string> lines_of(const std::vector<Note>& notes);

}  // namespace vrrp_xdp::keepalived

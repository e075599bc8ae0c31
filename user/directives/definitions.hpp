// SPDX-License-Identifier: BSD-2-Clause
// What keepalived does with a line before it looks for directives: definitions ($NAME=value) and what repeats
// a line (~SEQ, ~LST).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"

namespace vrrp_xdp::keepalived {

/// "$NAME=value" taken apart.
struct Definition {
    std::string_view name;
    std::string_view value;
};

/// Returns the definition, or nothing if the line defines nothing.
std::optional<Definition> definition_in(std::string_view line);

class Definitions {
  public:
    void set(std::string_view name, std::string_view value);

    /// Returns the line with each $NAME before a blank, a comma, a parenthesis or the end, and each ${NAME},
    /// replaced, once. A definition of several lines counts only at the end. What is not defined stays.
    std::string replaced_in(std::string_view line) const;

  private:
    /// With what keepalived itself defines, but for _PWD.
    std::map<std::string, std::string, std::less<>> values_{
        {"_INSTANCE", ""}, {"_HASH", "#"}, {"_BANG", "!"}};
};

/// Returns whether the line uses a random number, which is different each time.
bool is_random(std::string_view line);

/// Returns the name of the first ${NAME} outside of double quotes, or nothing.
std::optional<std::string_view> first_in_braces(std::string_view line);

/// A line that stands for several: in each, these names have other values.
struct Repetition {
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rounds;  ///< the values of the names, as many as there are names
    std::string_view rest;                         ///< what is repeated
};

/// Returns "~SEQ(NAME, first, step, last) rest", "~SEQx(…)" or "~LST(NAME, value, …) rest" taken apart; fails
/// if the line is none of them. The line begins with "~". The numbers may be definitions.
Result<Repetition> repetition_in(std::string_view line, const Definitions& definitions);

}  // namespace vrrp_xdp::keepalived

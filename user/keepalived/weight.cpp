// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/weight.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "config/text.hpp"
#include "directives/numbers.hpp"

namespace vrrp_xdp::keepalived {
namespace {

using config::quoted;

// What keepalived reads, and what it makes of ±254 on lines that track an interface or a script.
constexpr int most_read = 254;
constexpr int most_of_line = 253;

std::optional<int> number_of(std::string_view text, int most) {
    const auto number = leading_number(text, -most, most);
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

void tell_range(const Directive& directive, int most, int taken, Notes& notes) {
    notes.differs(directive.place, "a weight must be a number from " + std::to_string(-most) + " to " +
                                       std::to_string(most) + ": it is " + std::to_string(taken) +
                                       ", as in keepalived");
}

/// A vrrp_script takes any integer, and the last one of several.
void read_of_script(const Directive& directive, Weight& weight, Notes& notes) {
    const auto number = leading_number(directive.argument(), std::numeric_limits<int>::min(),
                                       std::numeric_limits<int>::max());
    weight.value = static_cast<int>(number.value_or(0));
    if (!number_of(directive.argument(), most_of_line)) {
        weight.value = std::clamp(weight.value, -most_read, most_read);
        tell_range(directive, most_of_line, weight.value, notes);
    }
    if (directive.argument(1) == "reverse") weight.reverse = true;
}

/// The first one that is not the default counts, of a process and of a file.
void read_first(const Directive& directive, int unset, Weight& weight, Notes& notes) {
    if (weight.value != unset)
        return notes.left_out(directive,
                              "keepalived also ignores it because another one is defined before it");
    const auto number = number_of(directive.argument(), most_read);
    if (!number) return tell_range(directive, most_read, unset, notes);
    weight.value = *number;
    if (directive.argument(1) == "reverse") weight.reverse = true;
}

/// Why keepalived passes over the whole line; empty if it does not.
std::string_view objection_to(Tracked tracked, const Directive& line) {
    if (line.words.size() < 2) return {};
    if (line.words[1] != "weight")
        return "keepalived also ignores it because only \"weight\" may follow the name";
    if (line.words.size() == 2) return "keepalived also ignores it because no number follows \"weight\"";
    if (tracked == Tracked::File && line.words.size() > 3 && line.words[3] != "reverse" &&
        line.words[3] != "noreverse")
        return "keepalived also ignores it because only \"reverse\" and \"noreverse\" may follow the weight";
    return {};
}

}  // namespace

Weight weight_of(Tracked tracked, const Directive& block, Notes& notes) {
    constexpr int of_file = 1;
    Weight weight{tracked == Tracked::File ? of_file : 0, false};
    const int unset = weight.value;
    for (const Directive& directive : block.children) {
        if (directive.name() != "weight") continue;
        if (tracked == Tracked::Script)
            read_of_script(directive, weight, notes);
        else
            read_first(directive, unset, weight, notes);
    }
    return weight;
}

std::optional<Weight> weight_on(Tracked tracked, const Directive& line, Weight otherwise, Notes& notes) {
    if (const std::string_view why = objection_to(tracked, line); !why.empty()) {
        notes.left_out(line.place, "tracking " + quoted(line.name()), why);
        return std::nullopt;
    }
    if (line.words.size() < 3) return otherwise;
    Weight weight = otherwise;
    const bool has_limit = tracked == Tracked::Interface || tracked == Tracked::Script;
    if (const auto number = number_of(line.words[2], most_read)) {
        weight.value = has_limit ? std::clamp(*number, -most_of_line, most_of_line) : *number;
        if (weight.value != *number) tell_range(line, most_of_line, weight.value, notes);
    } else {
        tell_range(line, most_of_line, weight.value, notes);
    }
    if (line.words.size() > 3) {
        if (line.words[3] == "reverse") weight.reverse = true;
        if (line.words[3] == "noreverse") weight.reverse = false;
    }
    return weight;
}

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#include "plan/text.hpp"

#include <algorithm>
#include <utility>

#include "config/text.hpp"
#include "plan/effect.hpp"

namespace vrrp_xdp::plan {
namespace {

std::string subject_of(const Change& change) {
    std::string subject = change.interface + " vrid " + std::to_string(change.router.vrid.value()) + ' ';
    return subject += config::name_of(change.router.family());
}

std::string line_of(const Difference& difference, const std::string& effect) {
    std::string text = "  " + difference.key + ": " + difference.before + " -> " + difference.after;
    if (!effect.empty()) text += ": " + effect;
    return text + '\n';
}

}  // namespace

std::string text_of(const Plan& plan, const Surroundings& surroundings) {
    std::string text;
    if (!plan.general.empty()) text += "all Virtual Routers:\n";
    for (const Difference& difference : plan.general)
        text += line_of(difference, difference.key == "startup-delay" ? "it counts at the next start" : "");
    for (const Change& change : plan.changes) {
        const auto state = surroundings.state_of(change.interface, change.router);
        text += subject_of(change) + ": ";
        text += change.fate == Fate::Begins && !surroundings.has_interface(change.interface)
                    ? "begins when its interface comes: there is none of this name"
                    : fate_of(change, state);
        text += '\n';
        for (const Difference& difference : change.differences)
            text += line_of(difference, effect_of(difference, change.router, state));
    }
    return text;
}

std::string summary_of(const Plan& plan) {
    std::string text;
    const auto add = [&](std::size_t count, const char* one, const char* many) {
        if (count == 0) return;
        text += text.empty() ? std::to_string(count) + (count == 1 ? " Virtual Router " : " Virtual Routers ")
                             : ", " + std::to_string(count) + ' ';
        text += count == 1 ? one : many;
    };
    const auto count = [&](Fate fate) {
        return static_cast<std::size_t>(
            std::count_if(plan.changes.begin(), plan.changes.end(),
                          [&](const Change& change) { return change.fate == fate; }));
    };
    add(count(Fate::Begins), "begins", "begin");
    add(count(Fate::Ends), "ends", "end");
    add(count(Fate::GoesOn), "changes", "change");
    add(plan.unchanged, "goes on as it is", "go on as they are");
    return text;
}

}  // namespace vrrp_xdp::plan

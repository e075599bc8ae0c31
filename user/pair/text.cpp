// SPDX-License-Identifier: BSD-2-Clause
#include "pair/text.hpp"

#include <string_view>

#include "config/text.hpp"

namespace vrrp_xdp::pair {
namespace {

std::string counted(std::size_t count, std::string_view what) {
    std::string text = std::to_string(count) + ' ';
    text += what;
    return count == 1 ? text : text + 's';
}

std::string subject_of(const SharedRouter& router) {
    std::string subject = router.interfaces[0];
    if (router.interfaces[1] != router.interfaces[0]) subject += " and " + router.interfaces[1];
    subject += " vrid " + std::to_string(router.vrid.value()) + ' ';
    return subject += config::name_of(router.family);
}

}  // namespace

std::string roles_of(const Comparison& comparison, const std::array<std::string, 2>& files) {
    std::string text;
    for (const SharedRouter& router : comparison.shared) {
        text += subject_of(router) + ": ";
        const auto spelt = [&](std::size_t side) {
            return files[side] + " (priority " + std::to_string(router.priorities[side].value()) + ')';
        };
        const auto active = router.active();
        const std::size_t first = static_cast<std::size_t>(active.value_or(0));
        text += active ? "Active is " + spelt(first) + ", Backup is " + spelt(1 - first)
                       : "Active is either " + spelt(0) + " or " + spelt(1);
        text += '\n';
    }
    return text;
}

std::string text_of(const Finding& finding) {
    std::string text = finding.severity == Severity::Mistake ? "mistake: " : "warning: ";
    if (!finding.subject.empty()) text += finding.subject + ": ";
    text += finding.message + '\n';
    for (const Said& said : finding.said) {
        text += "  " + said.place.to_string();
        if (!said.text.empty()) text += ": " + said.text;
        text += '\n';
    }
    return text;
}

std::string summary_of(const Comparison& comparison, const std::array<std::string, 2>& files) {
    const std::size_t mistakes = comparison.count(Severity::Mistake);
    const std::size_t warnings = comparison.count(Severity::Warning);
    const std::string both = files[0] + " and " + files[1];
    if (mistakes == 0)
        return both + " agree on " + counted(comparison.shared.size(), "Virtual Router") +
               (warnings == 0 ? "" : "; " + counted(warnings, "warning"));
    return counted(mistakes, "mistake") + (warnings == 0 ? "" : " and " + counted(warnings, "warning")) +
           " in what " + both + " say together";
}

}  // namespace vrrp_xdp::pair

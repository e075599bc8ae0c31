// SPDX-License-Identifier: BSD-2-Clause
#include "pair/compare.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "config/text.hpp"
#include "pair/groups.hpp"
#include "pair/virtual_router.hpp"

namespace vrrp_xdp::pair {
namespace {

void tell_other_vrid(const Pair& pair, std::vector<Finding>& findings) {
    Finding finding{Severity::Mistake,
                    subject_of(*pair[0].interface, *pair[0].config),
                    "vrid",
                    "the VRIDs of an address that both have differ: neither router hears the other, so both "
                    "would be Active",
                    {}};
    for (const Router& router : pair)
        finding.said.push_back(
            {router.origin->of("vrid"), "vrid: " + std::to_string(router.config->vrid.value())});
    findings.push_back(std::move(finding));
}

void tell_alone(const Router& router, const Side& other, std::vector<Finding>& findings) {
    findings.push_back(
        {Severity::Mistake,
         subject_of(*router.interface, *router.config),
         "vrid",
         "it is not in " + other.name + ": nobody takes over for this router",
         {{router.origin->of("vrid"), "vrid: " + std::to_string(router.config->vrid.value())}}});
}

SharedRouter shared(const Pair& pair) {
    return {{*pair[0].interface, *pair[1].interface},
            pair[0].config->vrid,
            pair[0].config->family(),
            {pair[0].config->priority, pair[1].config->priority}};
}

}  // namespace

Comparison compare(const std::array<Side, 2>& sides) {
    Comparison comparison;
    const Matches matches = match(sides);
    for (const Pair& pair : matches.pairs) {
        comparison.shared.push_back(shared(pair));
        compare_routers(pair, sides, comparison.findings);
    }
    compare_groups(matches.pairs, comparison.findings);
    for (const Pair& pair : matches.other_vrid) tell_other_vrid(pair, comparison.findings);
    for (std::size_t i = 0; i < sides.size(); ++i)
        for (const Router& router : matches.alone[i]) tell_alone(router, sides[1 - i], comparison.findings);
    std::stable_sort(comparison.findings.begin(), comparison.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
    return comparison;
}

}  // namespace vrrp_xdp::pair

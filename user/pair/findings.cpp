// SPDX-License-Identifier: BSD-2-Clause
#include "pair/findings.hpp"

#include <algorithm>

#include "config/text.hpp"

namespace vrrp_xdp::pair {

std::optional<int> SharedRouter::active() const {
    if (priorities[0] == priorities[1]) return std::nullopt;
    return priorities[0] < priorities[1] ? 1 : 0;
}

std::size_t Comparison::count(Severity severity) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.severity == severity; }));
}

std::string subject_of(const std::string& interface, const config::VirtualRouter& router) {
    std::string subject = interface + " vrid " + std::to_string(router.vrid.value()) + ' ';
    return subject += config::name_of(router.family());
}

}  // namespace vrrp_xdp::pair

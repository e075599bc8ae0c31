// SPDX-License-Identifier: BSD-2-Clause
#include "pair/json.hpp"

#include "config/text.hpp"

namespace vrrp_xdp::pair {
namespace {

using nlohmann::json;

json to_json(const Finding& finding) {
    json said = json::array();
    for (const Said& each : finding.said)
        said.push_back({{"file", each.place.file},
                        {"line", each.place.line},
                        {"column", each.place.column},
                        {"text", each.text}});
    return {{"severity", finding.severity == Severity::Mistake ? "mistake" : "warning"},
            {"virtual-router", finding.subject},
            {"key", finding.key},
            {"message", finding.message},
            {"said", std::move(said)}};
}

json to_json(const SharedRouter& router, const std::array<std::string, 2>& files) {
    json sides = json::array();
    for (std::size_t i = 0; i < files.size(); ++i)
        sides.push_back({{"file", files[i]},
                         {"interface", router.interfaces[i]},
                         {"priority", router.priorities[i].value()}});
    const auto active = router.active();
    return {{"vrid", router.vrid.value()},
            {"family", config::name_of(router.family)},
            {"active", active ? json(files[static_cast<std::size_t>(*active)]) : json()},
            {"routers", std::move(sides)}};
}

}  // namespace

json to_json(const Comparison& comparison, const std::array<std::string, 2>& files) {
    json result{{"files", files},
                {"mistakes", comparison.count(Severity::Mistake)},
                {"warnings", comparison.count(Severity::Warning)},
                {"virtual-routers", json::array()},
                {"findings", json::array()}};
    for (const SharedRouter& router : comparison.shared)
        result["virtual-routers"].push_back(to_json(router, files));
    for (const Finding& finding : comparison.findings) result["findings"].push_back(to_json(finding));
    return result;
}

}  // namespace vrrp_xdp::pair

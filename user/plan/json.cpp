// SPDX-License-Identifier: BSD-2-Clause
#include "plan/json.hpp"

#include "config/text.hpp"
#include "plan/effect.hpp"

namespace vrrp_xdp::plan {
namespace {

using nlohmann::json;

json to_json(const Difference& difference, const std::string& effect) {
    json result{{"key", difference.key}, {"before", difference.before}, {"after", difference.after}};
    if (!effect.empty()) result["effect"] = effect;
    return result;
}

const char* name_of(Fate fate) {
    switch (fate) {
        case Fate::Begins:
            return "begins";
        case Fate::Ends:
            return "ends";
        case Fate::GoesOn:
            break;
    }
    return "goes-on";
}

}  // namespace

json to_json(const Plan& plan, const Surroundings& surroundings) {
    json result{{"changes", json::array()}, {"general", json::array()}, {"unchanged", plan.unchanged}};
    for (const Difference& difference : plan.general) result["general"].push_back(to_json(difference, {}));
    for (const Change& change : plan.changes) {
        const auto state = surroundings.state_of(change.interface, change.router);
        json differences = json::array();
        for (const Difference& difference : change.differences)
            differences.push_back(to_json(difference, effect_of(difference, change.router, state)));
        result["changes"].push_back({{"interface", change.interface},
                                     {"vrid", change.router.vrid.value()},
                                     {"family", config::name_of(change.router.family())},
                                     {"fate", name_of(change.fate)},
                                     {"effect", fate_of(change, state)},
                                     {"interface-exists", surroundings.has_interface(change.interface)},
                                     {"differences", std::move(differences)}});
    }
    return result;
}

}  // namespace vrrp_xdp::plan

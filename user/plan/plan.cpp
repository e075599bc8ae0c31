// SPDX-License-Identifier: BSD-2-Clause
#include "plan/plan.hpp"

#include <algorithm>
#include <utility>

#include "plan/values.hpp"

namespace vrrp_xdp::plan {
namespace {

using config::Config;
using config::Interface;
using config::VirtualRouter;

/// The same Virtual Router is that of the same VRID and family on the same interface.
const VirtualRouter* find(const Config& config, const std::string& interface, const VirtualRouter& router) {
    for (const Interface& each : config.interfaces) {
        if (each.name != interface) continue;
        for (const VirtualRouter& other : each.virtual_routers)
            if (other.vrid == router.vrid && other.family() == router.family()) return &other;
    }
    return nullptr;
}

}  // namespace

Plan compare(const Config& present, const Config& wanted) {
    Plan plan;
    plan.general = differences_of(general_values_of(present), general_values_of(wanted));
    for (const Interface& interface : wanted.interfaces)
        for (const VirtualRouter& router : interface.virtual_routers) {
            const VirtualRouter* const before = find(present, interface.name, router);
            if (before == nullptr) {
                plan.changes.push_back({interface.name, Fate::Begins, router});
            } else if (*before == router) {
                ++plan.unchanged;
            } else {
                plan.changes.push_back({interface.name, Fate::GoesOn, router,
                                        differences_of(values_of(*before), values_of(router))});
            }
        }
    for (const Interface& interface : present.interfaces)
        for (const VirtualRouter& router : interface.virtual_routers)
            if (find(wanted, interface.name, router) == nullptr)
                plan.changes.push_back({interface.name, Fate::Ends, router});
    return plan;
}

}  // namespace vrrp_xdp::plan

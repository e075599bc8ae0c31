// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/refused_advertisements.hpp"

#include <algorithm>
#include <set>

#include "status/counters.hpp"

namespace vrrp_xdp::reporting {
namespace {

constexpr std::chrono::seconds kPause(2);

using RouterCounter = status::Counter<status::RouterCounters>;

/// Those of the reasons.
const std::vector<RouterCounter>& reasons() {
#define VRRP_XDP_PLACE(name, help) &status::RouterCounters::name,
    static const std::vector members{
        VRRP_XDP_REJECTIONS(VRRP_XDP_PLACE) & status::RouterCounters::events_lost,
        &status::RouterCounters::events_limited};
#undef VRRP_XDP_PLACE
    static const std::vector<RouterCounter> found = [] {
        std::vector<RouterCounter> all = status::router_counters();
        std::erase_if(all, [](const RouterCounter& each) {
            return std::find(members.begin(), members.end(), each.value) == members.end();
        });
        return all;
    }();
    return found;
}

}  // namespace

std::vector<Refused> RefusedAdvertisements::look(const engine::ManagedInterfaces& interfaces) {
    std::vector<Refused> found;
    const auto now = Clock::now();
    if (looked_ != Clock::time_point{} && now - looked_ < kPause) return found;
    looked_ = now;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (!interfaces[i]) continue;
        const engine::ManagedInterface& interface = *interfaces[i];
        for (std::uint32_t j = 0; j < interface.virtual_routers.size(); ++j) {
            const auto counters = status::counters_of(interface.port->counters(interface.slots[j]));
            auto& counts =
                counts_.try_emplace({interface.name, interface.slots[j]}, reasons().size()).first->second;
            for (std::size_t k = 0; k < reasons().size(); ++k) {
                const RouterCounter& reason = reasons()[k];
                if (const std::uint64_t rise = counts[k].report(counters.*reason.value, now); rise != 0)
                    found.push_back({{i, j}, reason.name, reason.help, rise});
            }
        }
    }
    return found;
}

}  // namespace vrrp_xdp::reporting

// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/near_failovers.hpp"

#include <algorithm>

#include "dataplane/mapped_port.hpp"

namespace vrrp_xdp::reporting {
namespace {

constexpr std::chrono::seconds kPause(1);

}  // namespace

std::vector<protocol::Duration> recent_gaps(const vrrp_xdp_gaps& gaps) {
    std::vector<protocol::Duration> recent;
    for (std::uint64_t i = gaps.count - std::min<std::uint64_t>(gaps.count, VRRP_XDP_RECENT_GAPS);
         i < gaps.count; ++i)
        recent.emplace_back(gaps.recent_ns[i % VRRP_XDP_RECENT_GAPS]);
    return recent;
}

std::vector<NearFailover> NearFailovers::look(const engine::ManagedInterfaces& interfaces) {
    std::vector<NearFailover> found;
    const auto now = Clock::now();
    if (looked_ != Clock::time_point{} && now - looked_ < kPause) return found;
    looked_ = now;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (!interfaces[i]) continue;
        const engine::ManagedInterface& interface = *interfaces[i];
        for (std::uint32_t j = 0; j < interface.virtual_routers.size(); ++j) {
            const vrrp_xdp_gaps gaps = interface.port->elections().gaps(interface.slots[j]);
            const std::uint64_t rise =
                counts_[{interface.name, interface.slots[j]}].report(gaps.near_failovers, now);
            if (rise == 0) continue;
            const auto recent = recent_gaps(gaps);
            found.push_back({{i, j},
                             rise,
                             *std::max_element(recent.begin(), recent.end()),
                             protocol::Duration(gaps.largest_of_ns)});
        }
    }
    return found;
}

}  // namespace vrrp_xdp::reporting

// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/unknown_peers.hpp"

namespace vrrp_xdp::reporting {
namespace {

constexpr std::chrono::seconds kPause(1);
constexpr std::chrono::minutes kReminder(1);

}  // namespace

std::vector<elections::RouterId> UnknownPeers::look(const engine::ManagedInterfaces& interfaces) {
    std::vector<elections::RouterId> found;
    const auto now = Clock::now();
    if (looked_ != Clock::time_point{} && now - looked_ < kPause) return found;
    looked_ = now;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (!interfaces[i]) continue;
        const engine::ManagedInterface& interface = *interfaces[i];
        for (std::uint32_t j = 0; j < interface.virtual_routers.size(); ++j) {
            if (interface.virtual_routers[j].config.unicast_peers.empty()) continue;
            const std::uint64_t errors = interface.port->counters(interface.slots[j]).unicast_peer_errors;
            const auto [place, is_new] = counts_.try_emplace({interface.name, interface.slots[j]});
            if (is_news(place->second, errors, is_new, now)) found.push_back({i, j});
        }
    }
    return found;
}

/// What was counted before the first look may be of an instance before.
bool UnknownPeers::is_news(Count& count, std::uint64_t errors, bool is_new, Clock::time_point now) {
    const bool has_risen = !is_new && errors > count.errors;
    count.errors = errors;
    if (!has_risen || (count.told != Clock::time_point{} && now - count.told < kReminder)) return false;
    count.told = now;
    return true;
}

}  // namespace vrrp_xdp::reporting

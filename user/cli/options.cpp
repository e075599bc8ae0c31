// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.hpp"

#include "protocol/timers.hpp"

namespace vrrp_xdp::cli {

std::vector<std::string> options_of(const config::VirtualRouter& router) {
    std::vector<std::string> options;
    if (router.version == protocol::Version::V3 &&
        router.advertise_interval != protocol::interval_on_the_wire(router.advertise_interval))
        options.emplace_back("sub-centisecond");
    if (router.accept_mode) options.emplace_back("accept-mode");
    if (!router.sync_group.empty()) options.push_back("sync-group: " + router.sync_group);
    if (!router.virtual_mac) options.emplace_back("virtual-mac: false");
    for (const auto& peer : router.unicast_peers) options.push_back("unicast-peer " + peer.to_string());
    if (router.minimum_ttl != 255) options.push_back("minimum-ttl: " + std::to_string(router.minimum_ttl));
    return options;
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include "cli/options.hpp"

#include "config/text.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::cli {
namespace {

std::string spelt(const config::Announcements& how) {
    std::string text = "announcements: {";
    if (how.burst != 1) text += "burst: " + std::to_string(how.burst) + ", ";
    text += "repeat: " + std::to_string(how.repeat) + ", repeat-after: " + config::spelt(how.repeat_after);
    if (how.refresh) text += ", refresh: " + config::spelt(*how.refresh);
    return text + "}";
}

}  // namespace

std::vector<std::string> options_of(const config::Config& config, const config::VirtualRouter& router) {
    std::vector<std::string> options;
    if (router.version == protocol::Version::V3 &&
        router.advertise_interval != protocol::interval_on_the_wire(router.advertise_interval))
        options.emplace_back("sub-centisecond");
    if (router.accept_mode) options.emplace_back("accept-mode");
    if (!router.sync_group.empty()) options.push_back("sync-group: " + router.sync_group);
    if (!router.virtual_mac) options.emplace_back("virtual-mac: false");
    for (const auto& peer : router.unicast_peers) options.push_back("unicast-peer " + peer.to_string());
    if (router.minimum_ttl != 255) options.push_back("minimum-ttl: " + std::to_string(router.minimum_ttl));
    if (router.source_address) options.push_back("source-address: " + router.source_address->to_string());
    if (router.authentication) options.emplace_back("authentication");
    if (router.refuses_signed) options.emplace_back("signed-advertisements: refuse");
    for (const config::Track& track : router.tracks) options.push_back("track " + config::spelt(track));
    const std::size_t hooks = config.hooks.size() + router.hooks.size();
    if (hooks > 0) options.push_back("hooks: " + std::to_string(hooks));
    if (router.preempt_delay != protocol::Duration{})
        options.push_back("preempt-delay: " + config::spelt(router.preempt_delay));
    if (router.announcements != config::Announcements{}) options.push_back(spelt(router.announcements));
    return options;
}

}  // namespace vrrp_xdp::cli

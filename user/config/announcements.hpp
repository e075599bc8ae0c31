// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "config/config.hpp"
#include "config/mapping.hpp"

namespace vrrp_xdp::config {

/// Where switches learn from on which port the MAC of the virtual addresses is.
enum class SeenBySwitches : std::uint8_t { InAdvertisements, InAnnouncementsAlone };
inline SeenBySwitches seen_by_switches(const std::vector<protocol::IpAddress>& unicast_peers,
                                       bool virtual_mac) {
    return unicast_peers.empty() || !virtual_mac ? SeenBySwitches::InAdvertisements
                                                 : SeenBySwitches::InAnnouncementsAlone;
}

/// Returns what a Virtual Router has without the key announcements.
Announcements default_announcements(SeenBySwitches mac);

/// Returns the value of `announcements` of a Virtual Router, with the default for a key that is missing or a
/// mistake.
Announcements read_announcements(const Mapping& router, SeenBySwitches mac, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

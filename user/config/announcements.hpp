// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "config/config.hpp"
#include "config/mapping.hpp"

namespace vrrp_xdp::config {

/// Where switches learn from on which port the MAC of the virtual addresses is.
enum class SeenBySwitches : std::uint8_t { InAdvertisements, InAnnouncementsAlone };

/// Returns the value of `announcements` of a Virtual Router, with the default for a key that is missing or a
/// mistake.
Announcements read_announcements(const Mapping& router, SeenBySwitches mac, Mistakes& mistakes);

}  // namespace vrrp_xdp::config

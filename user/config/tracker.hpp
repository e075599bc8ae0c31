// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "config/mapping.hpp"
#include "config/trackers.hpp"

namespace vrrp_xdp::config {

/// Returns the value of the document's key trackers; none if it has none. A tracker with a mistake is
/// included, so that its name is known.
std::vector<Tracker> read_trackers(const Mapping& document, Mistakes& mistakes);

/// Returns the value of a Virtual Router's key track; none if it has none. is_owner: whether its priority is
/// 255.
std::vector<Track> read_tracks(const Mapping& router, const std::vector<Tracker>& trackers, bool is_owner,
                               Mistakes& mistakes);

}  // namespace vrrp_xdp::config

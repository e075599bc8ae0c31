// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"
#include "keepalived/tracking.hpp"

namespace vrrp_xdp::keepalived {

/// A vrrp_sync_group in keepalived's own terms.
struct SyncGroup {
    std::string name;
    Place place;
    std::vector<std::string> members{};  ///< names of instances
    std::vector<TrackLine> tracks{};     ///< for all members
    std::vector<Directive> notify{};     ///< scripts that run once for the whole group
    std::optional<bool> mails{};         ///< smtp_alert
    bool has_weights_of_members = false;
};

/// Returns all groups of a file. One without a name or with that of another is told and left out, as in
/// keepalived, and so is the second list of members. A member of two groups stays with the first.
std::vector<SyncGroup> read_sync_groups(const std::vector<Directive>& file, Notes& notes);

}  // namespace vrrp_xdp::keepalived

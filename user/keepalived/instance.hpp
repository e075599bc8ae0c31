// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/announcements.hpp"
#include "keepalived/notes.hpp"
#include "keepalived/tracking.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::keepalived {

/// A value with the place that it stands at.
template <typename T>
struct At {
    T value;
    Place place;
};

/// A vrrp_instance in keepalived's own terms. What its block does not say is empty.
struct Instance {
    std::string name;
    Place place;
    std::optional<At<std::string>> interface {};
    std::optional<At<protocol::Vrid>> vrid{};
    std::optional<At<protocol::Priority>> priority{};
    std::optional<At<protocol::Version>> version{};
    std::optional<At<protocol::Duration>> interval{};
    /// The last valid one, but that MASTER stays MASTER.
    std::optional<bool> starts_as_master{};
    std::optional<Place> no_preempt{};
    std::optional<At<protocol::Duration>> preempt_delay{};
    Garp garp{};
    /// What the first address says, of whatever directive.
    std::optional<protocol::Family> family{};
    std::vector<Directive> addresses{};  ///< the lines of virtual_ipaddress that are of this family
    std::vector<Directive> excluded{};   ///< the lines of virtual_ipaddress_excluded, of any family
    bool is_unicast = false;             ///< it has a directive that is for unicast alone
    bool use_vmac = false;
    std::optional<bool> accept{};
    std::optional<bool> strict{};
    std::vector<Directive> authentication{};  ///< its blocks
    std::vector<Directive> peers{};           ///< the lines of unicast_peer that are of the family
    std::optional<Place> unicast_peer{};      ///< its first block, if it has one
    config::Checksum checksum = config::Checksum::PseudoHeader;  ///< in version 3
    std::optional<Directive> source{};  ///< mcast_src_ip or unicast_src_ip, the last one
    std::vector<TrackLine> tracks{};
    std::vector<Directive> notify{};
    std::optional<bool> mails{};  ///< smtp_alert
};

/// Reads a vrrp_instance block. Values that keepalived refuses are told and left empty, as it does.
Instance read_instance(const Directive& block, Notes& notes);

}  // namespace vrrp_xdp::keepalived

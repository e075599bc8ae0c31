// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <tl/expected.hpp>
#include <tuple>

#include "config/config.hpp"
#include "keepalived/globals.hpp"
#include "keepalived/instance.hpp"
#include "keepalived/notes.hpp"
#include "keepalived/sync_group.hpp"
#include "keepalived/tracking.hpp"

namespace vrrp_xdp::keepalived {

/// What can stand once only on an interface, with the place where it first did.
struct Taken {
    std::map<std::tuple<std::string, protocol::Family, protocol::Vrid>, Place> vrids;
    std::map<std::tuple<std::string, protocol::IpAddress>, Place> addresses;
};

/// What an instance is translated with.
struct Surroundings {
    const Globals& globals;
    const SyncGroup* group;  ///< that it is in, or nothing
    bool has_group_owner;    ///< somebody in the group has priority 255
    Trackers& trackers;
    Taken& taken;
    Notes& notes;
};

/// Returns the priority of an instance, which without one depends on its state.
protocol::Priority priority_of(const Instance& instance);

/// What an instance became.
struct Translation {
    config::VirtualRouter router;
    /// Why its priority is another, or nothing.
    std::string about_priority{};
};

/// Returns the Virtual Router that does what the instance did; if there can be none why not, in a few words,
/// after telling it at length. An instance that is translated has an interface.
tl::expected<Translation, std::string> translate(const Instance& instance, const Surroundings& surroundings);

}  // namespace vrrp_xdp::keepalived

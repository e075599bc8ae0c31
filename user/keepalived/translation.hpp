// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
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
    Trackers& trackers;
    Taken& taken;
    Notes& notes;
};

/// The Virtual Router that does what the instance did; nothing, after telling why, if there can be none. An
/// instance that is translated has an interface.
std::optional<config::VirtualRouter> translate(const Instance& instance, const Surroundings& surroundings);

}  // namespace vrrp_xdp::keepalived

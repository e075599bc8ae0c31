// SPDX-License-Identifier: BSD-2-Clause
// Which multicast groups the kernel is a member of.
#pragma once

#include <map>
#include <set>
#include <string>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

/// By the index of the interface.
using JoinedGroups = std::map<unsigned, std::set<protocol::IpAddress>>;

/// Returns the groups in the network namespace of this thread; none if they cannot be read.
JoinedGroups joined_groups();

/// Parses /proc/net/igmp and /proc/net/igmp6.
JoinedGroups read_joined_groups(const std::string& igmp, const std::string& igmp6);

}  // namespace vrrp_xdp::net

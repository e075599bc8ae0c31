// SPDX-License-Identifier: BSD-2-Clause
// What a port's pinned maps say, read from outside: of an instance that is dead, or for who does not ask it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/types.hpp"
#include "support/result.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::inspection {

/// A Virtual Router as the maps have it. Times are of CLOCK_BOOTTIME; the beginning of time is never.
struct PinnedRouter {
    vrrp_xdp_vlan vlan{};
    std::uint8_t vrid = 0;
    protocol::Family family{};
    protocol::MacAddress mac;
    std::vector<protocol::IpAddress> addresses;
    protocol::TimePoint lease;       ///< the data plane answers, or answered, before this
    protocol::TimePoint last_heard;  ///< when the followed advertisement last came in
    vrrp_xdp_vr_counters counters{};
    vrrp_xdp_gaps gaps{};
};

struct PinnedPort {
    std::uint32_t controller_pid = 0;   ///< of the instance that wrote them last
    std::vector<PinnedRouter> routers;  ///< by VLAN, VRID and family
    vrrp_xdp_port_counters counters{};
    std::vector<protocol::MacAddress> filter_entries;  ///< that the device has of it, in order
};

/// Fails if the pins cannot be read, or are of another ABI version.
Result<PinnedPort> read_pins(const std::string& port_name);

}  // namespace vrrp_xdp::inspection

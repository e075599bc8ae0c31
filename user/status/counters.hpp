// SPDX-License-Identifier: BSD-2-Clause
// Counters by the names that people and programs read: RFC 8347's where it has one, spelt with hyphens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/statistics.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::status {

/// What the controller counts and the data plane does not.
#define VRRP_XDP_CONTROLLER_COUNTERS(X)                                              \
    X(master_transitions, "transitions of this router to Active")                    \
    X(advertisement_sent, "advertisements sent")                                     \
    X(priority_zero_pkts_rcvd, "farewells received: advertisements with priority 0") \
    X(priority_zero_pkts_sent, "farewells sent: advertisements with priority 0")     \
    X(own_advertisements_rcvd, "own advertisements received: the network has a loop")

#define VRRP_XDP_MEMBER(name, help) std::uint64_t name = 0;
/// All that is counted of a Virtual Router.
struct RouterCounters {
    VRRP_XDP_VR_COUNTERS(VRRP_XDP_MEMBER)
    VRRP_XDP_CONTROLLER_COUNTERS(VRRP_XDP_MEMBER)
    friend bool operator==(const RouterCounters&, const RouterCounters&) = default;
};
/// All that is counted at a port and belongs to none of its Virtual Routers.
struct PortCounters {
    VRRP_XDP_PORT_COUNTERS(VRRP_XDP_MEMBER)
    friend bool operator==(const PortCounters&, const PortCounters&) = default;
};
#undef VRRP_XDP_MEMBER

enum class Counts : std::uint8_t { DataPlane, Controller };

template <typename Counters>
struct Counter {
    std::string name;
    std::string_view help;  ///< what it counts, in a few words
    std::uint64_t Counters::*value;
    Counts by;  ///< who counts it: what only the controller does is lost with it
};

/// Returns the counters of a Virtual Router: those of the data plane, then those of the controller.
const std::vector<Counter<RouterCounters>>& router_counters();
const std::vector<Counter<PortCounters>>& port_counters();

/// statistics: nothing of a dead controller's.
RouterCounters counters_of(const vrrp_xdp_vr_counters& counted, const protocol::Statistics& statistics = {});
PortCounters counters_of(const vrrp_xdp_port_counters& counted);

}  // namespace vrrp_xdp::status

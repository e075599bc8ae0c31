// SPDX-License-Identifier: BSD-2-Clause
#include "status/counters.hpp"

#include <algorithm>

namespace vrrp_xdp::status {
namespace {

/// C's names cannot have hyphens.
std::string hyphenated(std::string name) {
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

}  // namespace

const std::vector<Counter<RouterCounters>>& router_counters() {
#define VRRP_XDP_DATA_PLANE(name, help) {hyphenated(#name), help, &RouterCounters::name, Counts::DataPlane},
#define VRRP_XDP_CONTROLLER(name, help) {hyphenated(#name), help, &RouterCounters::name, Counts::Controller},
    static const std::vector<Counter<RouterCounters>> all{
        VRRP_XDP_VR_COUNTERS(VRRP_XDP_DATA_PLANE) VRRP_XDP_CONTROLLER_COUNTERS(VRRP_XDP_CONTROLLER)};
#undef VRRP_XDP_CONTROLLER
#undef VRRP_XDP_DATA_PLANE
    return all;
}

const std::vector<Counter<PortCounters>>& port_counters() {
#define VRRP_XDP_COUNTER(name, help) {hyphenated(#name), help, &PortCounters::name, Counts::DataPlane},
    static const std::vector<Counter<PortCounters>> all{VRRP_XDP_PORT_COUNTERS(VRRP_XDP_COUNTER)};
#undef VRRP_XDP_COUNTER
    return all;
}

#define VRRP_XDP_COPY(name, help) counters.name = counted.name;
RouterCounters counters_of(const vrrp_xdp_vr_counters& counted, const protocol::Statistics& statistics) {
    RouterCounters counters;
    VRRP_XDP_VR_COUNTERS(VRRP_XDP_COPY)
#define VRRP_XDP_COPY_OWN(name, help) counters.name = statistics.name;
    VRRP_XDP_CONTROLLER_COUNTERS(VRRP_XDP_COPY_OWN)
#undef VRRP_XDP_COPY_OWN
    // The controller counts those that it receives, the data plane their repetitions.
    counters.interval_errors += statistics.interval_errors;
    counters.address_list_errors += statistics.address_list_errors;
    return counters;
}

PortCounters counters_of(const vrrp_xdp_port_counters& counted) {
    PortCounters counters;
    VRRP_XDP_PORT_COUNTERS(VRRP_XDP_COPY)
    return counters;
}
#undef VRRP_XDP_COPY

}  // namespace vrrp_xdp::status

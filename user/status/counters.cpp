// SPDX-License-Identifier: BSD-2-Clause
#include "status/counters.hpp"

#include <algorithm>

namespace vrrp_xdp::status {
namespace {

using nlohmann::json;

/// C's names cannot have hyphens.
std::string hyphenated(std::string name) {
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
}

/// What the controller counts and the data plane does not.
#define VRRP_XDP_CONTROLLER_COUNTERS(X)                                               \
    X(master_transitions, "times that this router became Active")                     \
    X(advertisement_sent, "advertisements that left")                                 \
    X(priority_zero_pkts_rcvd, "farewells of others: advertisements with priority 0") \
    X(priority_zero_pkts_sent, "own farewells that left")                             \
    X(own_advertisements_rcvd, "own advertisements that came back: the network has a loop")

}  // namespace

const std::vector<Counter>& virtual_router_counters() {
#define VRRP_XDP_COUNTER(name, help) {hyphenated(#name), help},
    static const std::vector<Counter> all{VRRP_XDP_VR_COUNTERS(VRRP_XDP_COUNTER)
                                              VRRP_XDP_CONTROLLER_COUNTERS(VRRP_XDP_COUNTER)};
    return all;
}

const std::vector<Counter>& port_counters() {
    static const std::vector<Counter> all{VRRP_XDP_PORT_COUNTERS(VRRP_XDP_COUNTER)};
#undef VRRP_XDP_COUNTER
    return all;
}

json values_of(const vrrp_xdp_vr_counters& counters, const protocol::Statistics& statistics) {
    json values = values_of(counters);
#define VRRP_XDP_VALUE(name, help) values[hyphenated(#name)] = statistics.name;
    VRRP_XDP_CONTROLLER_COUNTERS(VRRP_XDP_VALUE)
#undef VRRP_XDP_VALUE
    // The controller counts those that it is told of, the data plane their repetitions.
    values["interval-errors"] = counters.interval_errors + statistics.interval_errors;
    values["address-list-errors"] = counters.address_list_errors + statistics.address_list_errors;
    return values;
}

#define VRRP_XDP_VALUE(name, help) values[hyphenated(#name)] = counters.name;
json values_of(const vrrp_xdp_vr_counters& counters) {
    json values;
    VRRP_XDP_VR_COUNTERS(VRRP_XDP_VALUE)
    return values;
}

json values_of(const vrrp_xdp_port_counters& counters) {
    json values;
    VRRP_XDP_PORT_COUNTERS(VRRP_XDP_VALUE)
    return values;
}
#undef VRRP_XDP_VALUE

}  // namespace vrrp_xdp::status

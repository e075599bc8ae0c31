// SPDX-License-Identifier: BSD-2-Clause
// Counters by the names that people and programs read: RFC 8347's where it has one, spelt with hyphens.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/statistics.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::status {

struct Counter {
    std::string name;
    std::string_view help;  ///< what it counts, in a few words
};

/// All of a Virtual Router: those of the data plane, then those that the controller alone has.
const std::vector<Counter>& virtual_router_counters();
/// All of a port.
const std::vector<Counter>& port_counters();

/// Their values by name.
nlohmann::json values_of(const vrrp_xdp_vr_counters& counters, const protocol::Statistics& statistics);
/// The same without what only a living controller knows.
nlohmann::json values_of(const vrrp_xdp_vr_counters& counters);
nlohmann::json values_of(const vrrp_xdp_port_counters& counters);

}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/pinned_status.hpp"

#include <algorithm>

#include "dataplane/pins.hpp"
#include "inspection/pinned_state.hpp"
#include "net/boot_clock.hpp"
#include "net/calendar_time.hpp"
#include "protocol/text.hpp"
#include "status/counters.hpp"

namespace vrrp_xdp::inspection {
namespace {

using nlohmann::json;
using protocol::milliseconds;
using protocol::TimePoint;

std::string vlan_of(const vrrp_xdp_vlan& vlan) {
    std::string text;
    for (const unsigned tag : vlan.tag)
        if (tag != 0) text += (text.empty() ? "" : ".") + std::to_string(tag & 0xfffU);
    return text;
}

json pinned_router_status(const PinnedRouter& router) {
    const TimePoint now = net::boot_now();
    json status{
        {"vrid", router.vrid},
        {"address-family", to_string(router.family)},
        {"virtual-mac", router.mac.to_string()},
        {"lease-remaining-ms", std::max(0.0, protocol::milliseconds(router.lease - now))},
        {"statistics", status::values_of(router.counters)},
        {"virtual-addresses", json::array()},
    };
    if (const std::string vlan = vlan_of(router.vlan); !vlan.empty()) status["vlan"] = vlan;
    if (router.lease != protocol::kNoLease) status["lease-end"] = net::calendar_time(router.lease);
    if (router.last_heard != TimePoint{})
        status["last-adv-ms-ago"] = protocol::milliseconds(now - router.last_heard);
    for (const auto& address : router.addresses) status["virtual-addresses"].push_back(address.to_string());
    return status;
}

}  // namespace

json status_of_pinned_state(const std::string& port_name) {
    json status{
        {"interface", port_name},
        {"controller", "dead"},
        {"port", port_name},
        {"pins", dataplane::pin_directory(port_name).string()},
        {"virtual-routers", json::array()},
    };
    const auto port = read_pins(port_name);
    if (!port) {
        status["error"] = port.error().what;
        if (!port.error().hint.empty()) status["hint"] = port.error().hint;
        return status;
    }
    status["pid"] = port->controller_pid;
    status["statistics"] = status::values_of(port->counters);
    status["filter-entries"] = json::array();
    for (const auto& address : port->filter_entries) status["filter-entries"].push_back(address.to_string());
    for (const auto& router : port->routers)
        status["virtual-routers"].push_back(pinned_router_status(router));
    return status;
}

}  // namespace vrrp_xdp::inspection

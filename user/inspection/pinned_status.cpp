// SPDX-License-Identifier: BSD-2-Clause
#include "inspection/pinned_status.hpp"

#include <algorithm>

#include "dataplane/pins.hpp"
#include "inspection/pinned_state.hpp"
#include "net/boot_clock.hpp"
#include "net/calendar_time.hpp"

namespace vrrp_xdp::inspection {
namespace {

using protocol::TimePoint;

std::string vlan_of(const vrrp_xdp_vlan& vlan) {
    std::string text;
    for (const unsigned tag : vlan.tag)
        if (tag != 0) text += (text.empty() ? "" : ".") + std::to_string(tag & 0xfffU);
    return text;
}

status::VirtualRouter pinned_router_status(const PinnedRouter& router) {
    const TimePoint now = net::boot_now();
    status::VirtualRouter status{
        .vrid = router.vrid,
        .family = router.family,
        .virtual_mac = router.mac,
        .virtual_addresses = router.addresses,
        .counters = status::counters_of(router.counters),
        .gaps = status::gaps_of(router.gaps, now),
        .lease_remaining = std::max(protocol::Duration{}, router.lease - now),
        .vlan = vlan_of(router.vlan),
    };
    if (router.lease != protocol::kNoLease) status.lease_end = net::calendar_time(router.lease);
    if (router.last_heard != TimePoint{}) status.heard_ago = now - router.last_heard;
    return status;
}

}  // namespace

status::Interface status_of_pinned_state(const std::string& port_name) {
    status::Interface status{
        .name = port_name,
        .port = port_name,
        .pins = dataplane::pin_directory(port_name).string(),
    };
    const auto port = read_pins(port_name);
    if (!port) {
        status.error = port.error().what;
        status.hint = port.error().hint;
        return status;
    }
    status.pid = port->controller_pid;
    status.counters = status::counters_of(port->counters);
    status.filter_entries = port->filter_entries;
    for (const auto& router : port->routers) status.virtual_routers.push_back(pinned_router_status(router));
    return status;
}

}  // namespace vrrp_xdp::inspection

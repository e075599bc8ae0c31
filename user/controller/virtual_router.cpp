// SPDX-License-Identifier: BSD-2-Clause
#include "controller/virtual_router.hpp"

namespace vrrp_xdp::controller {

void VirtualRouter::set_primary_address(const protocol::IpAddress& address) {
    primary_address = address;
    const auto mac = protocol::MacAddress::of_virtual_router(config.vrid, config.family());
    protocol::Announcement announcement{
        .version = config.version,
        .vrid = config.vrid,
        .priority = priority.value(),
        .interval = config.advertise_interval,
        .checksum = config.checksum,
        .source = address,
        .addresses = config.virtual_addresses,
    };
    advertisement = net::advertisement_frame(mac, address, protocol::serialize(announcement));
    announcement.priority = 0;
    farewell = net::advertisement_frame(mac, address, protocol::serialize(announcement));

    announcements.clear();
    for (const auto& virtual_address : config.virtual_addresses)
        announcements.push_back(net::announcement_frame(mac, virtual_address));
}

void VirtualRouter::set_priority(protocol::Priority effective) {
    priority = effective;
    if (primary_address) set_primary_address(*primary_address);
}

void VirtualRouter::continue_from(const VirtualRouter& before) {
    VirtualRouter prepared = std::move(*this);
    *this = before;
    config = std::move(prepared.config);
    // What conditions made of another priority says nothing of this one.
    if (config.priority != before.config.priority) priority = wanted_priority = config.priority;
    if (!primary_address) return;
    if (primary_address != prepared.primary_address || priority != prepared.priority)
        return set_primary_address(*primary_address);
    advertisement = std::move(prepared.advertisement);
    farewell = std::move(prepared.farewell);
    announcements = std::move(prepared.announcements);
}

}  // namespace vrrp_xdp::controller

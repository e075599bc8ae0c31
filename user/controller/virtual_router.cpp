// SPDX-License-Identifier: BSD-2-Clause
#include "controller/virtual_router.hpp"

namespace vrrp_xdp::controller {

void VirtualRouter::set_primary_address(const protocol::IpAddress& address) {
    primary_address = address;
    const auto mac = protocol::MacAddress::of_virtual_router(config.vrid, config.family());
    protocol::Announcement announcement{
        .version = config.version,
        .vrid = config.vrid,
        .priority = config.priority.value(),
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

}  // namespace vrrp_xdp::controller

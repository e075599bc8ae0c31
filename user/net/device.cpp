// SPDX-License-Identifier: BSD-2-Clause
#include "net/device.hpp"

#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>

#include <memory>

namespace vrrp_xdp::net {

std::optional<Device> device_of(unsigned interface_index) {
    const std::unique_ptr<nl_sock, decltype(&nl_socket_free)> socket(nl_socket_alloc(), nl_socket_free);
    if (!socket || nl_connect(socket.get(), NETLINK_ROUTE) < 0) return std::nullopt;
    rtnl_link* found = nullptr;
    if (rtnl_link_get_kernel(socket.get(), static_cast<int>(interface_index), nullptr, &found) < 0)
        return std::nullopt;
    const std::unique_ptr<rtnl_link, decltype(&rtnl_link_put)> link(found, rtnl_link_put);
    return Device{rtnl_link_get_stat(link.get(), RTNL_LINK_RX_PACKETS),
                  (rtnl_link_get_flags(link.get()) & IFF_RUNNING) != 0};
}

}  // namespace vrrp_xdp::net

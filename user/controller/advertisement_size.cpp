// SPDX-License-Identifier: BSD-2-Clause
#include "controller/advertisement_size.hpp"

#include "net/advertisement_size.hpp"

namespace vrrp_xdp::controller {

std::optional<std::string> too_large_for(const config::VirtualRouter& router, unsigned mtu) {
    using protocol::Version;
    const std::size_t addresses = router.virtual_addresses.size();
    const Version longest = router.also_version_2 ? Version::V2 : router.version;
    const std::size_t bytes = net::advertisement_bytes(longest, router.family(), addresses);
    if (bytes <= mtu) return std::nullopt;
    return "an advertisement of vrid " + std::to_string(router.vrid.value()) + " has " +
           std::to_string(bytes) + " bytes, and the MTU is " + std::to_string(mtu) +
           ": it never leaves, and this router never takes over; raise the MTU, or give the Virtual Router "
           "fewer than its " +
           std::to_string(addresses) + " addresses";
}

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
#include "engine/advertisement_mtu.hpp"

#include "net/advertisement_size.hpp"

namespace vrrp_xdp::engine {

std::size_t longest_advertisement_bytes(const config::VirtualRouter& router) {
    using protocol::Version;
    const Version longest = router.also_version_2 ? Version::V2 : router.version;
    return net::advertisement_bytes(longest, router.family(), router.advertised_addresses().size());
}

std::optional<std::string> too_large_for(const config::VirtualRouter& router, unsigned mtu) {
    const std::size_t addresses = router.advertised_addresses().size();
    const std::size_t bytes = longest_advertisement_bytes(router);
    if (bytes <= mtu) return std::nullopt;
    return "the advertisement of vrid " + std::to_string(router.vrid.value()) + " has " +
           std::to_string(bytes) + " bytes, but the MTU is " + std::to_string(mtu) +
           ": it cannot be sent, and this router never takes over; raise the MTU, or configure fewer than " +
           std::to_string(addresses) + " addresses";
}

}  // namespace vrrp_xdp::engine

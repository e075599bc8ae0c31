// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/router_maps.hpp"

#include <bpf/libbpf.h>
#include <vrrp_xdp.skel.h>

#include <cstring>

namespace vrrp_xdp::dataplane {
namespace {

template <typename Key>
Result<void> put(const bpf_map* map, const Key& key, const vrrp_xdp_vr& value) {
    const int error = bpf_map__update_elem(map, &key, sizeof(key), &value, sizeof(value), BPF_NOEXIST);
    if (error != 0) return system_failure(std::string("filling the map ") + bpf_map__name(map), error);
    return {};
}

vrrp_xdp_vr_key key_of(const VirtualRouter& router) {
    return {.vlan = router.vlan,
            .vrid = router.vrid.value(),
            .family = static_cast<std::uint8_t>(router.family()),
            .zero = {}};
}

vrrp_xdp_vr value_of(const VirtualRouter& router, std::uint32_t slot) {
    vrrp_xdp_vr value{};
    value.slot = slot;
    value.versions = static_cast<std::uint8_t>(VRRP_XDP_VERSION_BIT(static_cast<unsigned>(router.version)));
    value.flags = router.local_delivery == LocalDelivery::Accept ? VRRP_XDP_ACCEPT : 0;
    std::memcpy(value.mac, router.mac().bytes.data(), sizeof(value.mac));
    return value;
}

template <typename Key>
Key key_of(const vrrp_xdp_vlan& vlan, const protocol::IpAddress& address) {
    Key key{};
    key.vlan = vlan;
    std::memcpy(key.address, address.bytes().data(), sizeof(key.address));
    return key;
}

/// Calls visit(map, key) for each address, with the map that it belongs into, until one fails.
template <typename Visit>
Result<void> for_each_address(const vrrp_xdp_bpf& skeleton, const VirtualRouter& router, Visit&& visit) {
    for (const auto& address : router.addresses) {
        const bool ipv4 = address.family() == protocol::Family::Ipv4;
        Result<void> done =
            ipv4 ? visit(skeleton.maps.ipv4_addresses, key_of<vrrp_xdp_ipv4_key>(router.vlan, address))
                 : visit(skeleton.maps.ipv6_addresses, key_of<vrrp_xdp_ipv6_key>(router.vlan, address));
        if (!done) return done;
    }
    return {};
}

}  // namespace

Result<void> enter(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers) {
    if (virtual_routers.size() > VRRP_XDP_MAX_ELECTIONS)
        return failure(
            std::to_string(virtual_routers.size()) + " Virtual Routers are too many for one port",
            "a port holds " + std::to_string(VRRP_XDP_MAX_ELECTIONS) + ", those of its VLANs included");
    for (std::uint32_t slot = 0; slot < virtual_routers.size(); ++slot) {
        const VirtualRouter& router = virtual_routers[slot];
        const vrrp_xdp_vr value = value_of(router, slot);
        if (auto done = put(skeleton.maps.virtual_routers, key_of(router), value); !done) return done;
        auto done = for_each_address(
            skeleton, router, [&](const bpf_map* map, const auto& key) { return put(map, key, value); });
        if (!done) return done;
    }
    return {};
}

void withdraw(const vrrp_xdp_bpf& skeleton, const VirtualRouter& virtual_router) {
    const vrrp_xdp_vr_key router_key = key_of(virtual_router);
    bpf_map__delete_elem(skeleton.maps.virtual_routers, &router_key, sizeof(router_key), 0);
    static_cast<void>(
        for_each_address(skeleton, virtual_router, [](const bpf_map* map, const auto& key) -> Result<void> {
            bpf_map__delete_elem(map, &key, sizeof(key), 0);
            return {};
        }));
}

}  // namespace vrrp_xdp::dataplane

// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/router_maps.hpp"

#include <bpf/libbpf.h>
#include <vrrp_xdp.skel.h>

#include <array>
#include <bit>
#include <cstring>
#include <map>

namespace vrrp_xdp::dataplane {
namespace {

/// What a map is to hold, by the bytes of its keys.
template <typename Key>
using Entries = std::map<std::array<std::uint8_t, sizeof(Key)>, vrrp_xdp_vr>;

template <typename Key>
auto bytes_of(const Key& key) {
    return std::bit_cast<std::array<std::uint8_t, sizeof(Key)>>(key);
}

template <typename Key>
Entries<Key> read(const bpf_map* map) {
    Entries<Key> entries;
    Key key{};
    for (int more = bpf_map__get_next_key(map, nullptr, &key, sizeof(key)); more == 0;
         more = bpf_map__get_next_key(map, &key, &key, sizeof(key)))
        bpf_map__lookup_elem(map, &key, sizeof(key), &entries[bytes_of(key)], sizeof(vrrp_xdp_vr), 0);
    return entries;
}

/// What is there already stays as it is.
template <typename Key>
Result<void> add(const bpf_map* map, const Entries<Key>& wanted) {
    for (const auto& [key, value] : wanted)
        if (const int error =
                bpf_map__update_elem(map, key.data(), key.size(), &value, sizeof(value), BPF_NOEXIST);
            error != 0 && error != -EEXIST)
            return system_failure(std::string("filling the map ") + bpf_map__name(map), error);
    return {};
}

template <typename Key>
Result<void> write(const bpf_map* map, const Entries<Key>& wanted) {
    for (const auto& [key, value] : read<Key>(map)) {
        const auto found = wanted.find(key);
        if (found == wanted.end())
            bpf_map__delete_elem(map, key.data(), key.size(), 0);
        else if (std::memcmp(&found->second, &value, sizeof(value)) != 0)
            if (const int error = bpf_map__update_elem(map, key.data(), key.size(), &found->second,
                                                       sizeof(value), BPF_EXIST);
                error != 0)
                return system_failure(std::string("filling the map ") + bpf_map__name(map), error);
    }
    return add<Key>(map, wanted);
}

vrrp_xdp_vr_key key_of(const VirtualRouter& router) {
    return {.vlan = router.vlan,
            .vrid = router.vrid.value(),
            .family = static_cast<std::uint8_t>(router.family()),
            .zero = {}};
}

std::uint8_t flags_of(LocalDelivery delivery) {
    switch (delivery) {
        case LocalDelivery::Owner:
            return VRRP_XDP_ACCEPT | VRRP_XDP_OWNER;
        case LocalDelivery::AcceptMode:
            return VRRP_XDP_ACCEPT;
        case LocalDelivery::Drop:
            break;
    }
    return 0;
}

vrrp_xdp_vr value_of(const VirtualRouter& router, std::uint32_t slot) {
    vrrp_xdp_vr value{};
    value.slot = slot;
    value.versions = static_cast<std::uint8_t>(VRRP_XDP_VERSION_BIT(static_cast<unsigned>(router.version)));
    value.flags = flags_of(router.local_delivery);
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

struct MapContents {
    MapContents(std::span<const VirtualRouter> virtual_routers, const Slots& slots) {
        for (std::size_t i = 0; i < virtual_routers.size(); ++i) {
            const VirtualRouter& router = virtual_routers[i];
            const vrrp_xdp_vr value = value_of(router, slots.by_router[i]);
            routers.emplace(bytes_of(key_of(router)), value);
            for (const auto& address : router.addresses)
                if (router.family() == protocol::Family::Ipv4)
                    ipv4.emplace(bytes_of(key_of<vrrp_xdp_ipv4_key>(router.vlan, address)), value);
                else
                    ipv6.emplace(bytes_of(key_of<vrrp_xdp_ipv6_key>(router.vlan, address)), value);
        }
    }

    Entries<vrrp_xdp_vr_key> routers;
    Entries<vrrp_xdp_ipv4_key> ipv4;
    Entries<vrrp_xdp_ipv6_key> ipv6;
};

std::size_t count_addresses(std::span<const VirtualRouter> virtual_routers, protocol::Family family) {
    std::size_t count = 0;
    for (const VirtualRouter& router : virtual_routers)
        if (router.family() == family) count += router.addresses.size();
    return count;
}

Result<void> check_sizes(std::span<const VirtualRouter> virtual_routers) {
    if (virtual_routers.size() > VRRP_XDP_MAX_ELECTIONS)
        return failure(
            std::to_string(virtual_routers.size()) + " Virtual Routers are too many for one port",
            "a port holds " + std::to_string(VRRP_XDP_MAX_ELECTIONS) + ", those of its VLANs included");
    for (const auto family : {protocol::Family::Ipv4, protocol::Family::Ipv6})
        if (const auto count = count_addresses(virtual_routers, family); count > VRRP_XDP_MAX_ADDRESSES)
            return failure(std::to_string(count) + " virtual addresses are too many for one port",
                           "a port holds " + std::to_string(VRRP_XDP_MAX_ADDRESSES) + " of each family");
    return {};
}

/// Those that nobody has come first: in the ring buffer there may still be events of the others.
std::vector<std::uint32_t> free_slots(const std::set<std::uint32_t>& in_maps,
                                      const std::set<std::uint32_t>& kept) {
    std::vector<std::uint32_t> free;
    for (std::uint32_t slot = 0; slot < VRRP_XDP_MAX_ELECTIONS; ++slot)
        if (!in_maps.contains(slot)) free.push_back(slot);
    for (const std::uint32_t slot : in_maps)
        if (!kept.contains(slot)) free.push_back(slot);
    return free;
}

}  // namespace

Result<Slots> assign_slots(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers) {
    if (auto checked = check_sizes(virtual_routers); !checked) return tl::unexpected(checked.error());
    const auto present = read<vrrp_xdp_vr_key>(skeleton.maps.virtual_routers);
    const auto find = [&](const VirtualRouter& router) { return present.find(bytes_of(key_of(router))); };

    std::set<std::uint32_t> in_maps;
    for (const auto& [key, value] : present) in_maps.insert(value.slot);
    Slots slots;
    for (const VirtualRouter& router : virtual_routers)
        if (const auto found = find(router); found != present.end()) slots.kept.insert(found->second.slot);
    const auto free = free_slots(in_maps, slots.kept);
    auto next = free.begin();
    for (const VirtualRouter& router : virtual_routers) {
        const auto found = find(router);
        slots.by_router.push_back(found != present.end() ? found->second.slot : *next++);
    }
    return slots;
}

Result<void> enter(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers,
                   const Slots& slots) {
    const MapContents wanted(virtual_routers, slots);
    if (auto done = write<vrrp_xdp_vr_key>(skeleton.maps.virtual_routers, wanted.routers); !done) return done;
    if (auto done = write<vrrp_xdp_ipv4_key>(skeleton.maps.ipv4_addresses, wanted.ipv4); !done) return done;
    return write<vrrp_xdp_ipv6_key>(skeleton.maps.ipv6_addresses, wanted.ipv6);
}

Result<void> add(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers,
                 const Slots& slots) {
    const MapContents wanted(virtual_routers, slots);
    if (auto done = add<vrrp_xdp_vr_key>(skeleton.maps.virtual_routers, wanted.routers); !done) return done;
    if (auto done = add<vrrp_xdp_ipv4_key>(skeleton.maps.ipv4_addresses, wanted.ipv4); !done) return done;
    return add<vrrp_xdp_ipv6_key>(skeleton.maps.ipv6_addresses, wanted.ipv6);
}

void withdraw(const vrrp_xdp_bpf& skeleton, const VirtualRouter& virtual_router) {
    const auto remove = [](const bpf_map* map, const auto& key) {
        bpf_map__delete_elem(map, &key, sizeof(key), 0);
    };
    remove(skeleton.maps.virtual_routers, key_of(virtual_router));
    for (const auto& address : virtual_router.addresses)
        if (virtual_router.family() == protocol::Family::Ipv4)
            remove(skeleton.maps.ipv4_addresses, key_of<vrrp_xdp_ipv4_key>(virtual_router.vlan, address));
        else
            remove(skeleton.maps.ipv6_addresses, key_of<vrrp_xdp_ipv6_key>(virtual_router.vlan, address));
}

}  // namespace vrrp_xdp::dataplane

// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/router_maps.hpp"

#include <bpf/libbpf.h>
#include <vrrp_xdp.skel.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <map>
#include <set>

#include "dataplane/shared_array.hpp"

namespace vrrp_xdp::dataplane {
namespace {

/// What a map is to hold, by the bytes of its keys.
template <typename Key>
using Bytes = std::array<std::uint8_t, sizeof(Key)>;
template <typename Key, typename Value = vrrp_xdp_vr>
using Entries = std::map<Bytes<Key>, Value>;

template <typename Key>
auto bytes_of(const Key& key) {
    return std::bit_cast<std::array<std::uint8_t, sizeof(Key)>>(key);
}

template <typename Key, typename Value = vrrp_xdp_vr>
Entries<Key, Value> read(const bpf_map* map) {
    Entries<Key, Value> entries;
    Key key{};
    for (int more = bpf_map__get_next_key(map, nullptr, &key, sizeof(key)); more == 0;
         more = bpf_map__get_next_key(map, &key, &key, sizeof(key)))
        bpf_map__lookup_elem(map, &key, sizeof(key), &entries[bytes_of(key)], sizeof(Value), 0);
    return entries;
}

/// What is there already stays as it is.
template <typename Key, typename Value>
Result<void> add(const bpf_map* map, const Entries<Key, Value>& wanted) {
    for (const auto& [key, value] : wanted)
        if (const int error =
                bpf_map__update_elem(map, key.data(), key.size(), &value, sizeof(value), BPF_NOEXIST);
            error != 0 && error != -EEXIST)
            return system_failure(std::string("filling the map ") + bpf_map__name(map), error);
    return {};
}

template <typename Key, typename Value>
Result<void> write(const bpf_map* map, const Entries<Key, Value>& wanted) {
    for (const auto& [key, value] : read<Key, Value>(map)) {
        const auto found = wanted.find(key);
        if (found == wanted.end())
            bpf_map__delete_elem(map, key.data(), key.size(), 0);
        else if (std::memcmp(&found->second, &value, sizeof(value)) != 0)
            if (const int error = bpf_map__update_elem(map, key.data(), key.size(), &found->second,
                                                       sizeof(value), BPF_EXIST);
                error != 0)
                return system_failure(std::string("filling the map ") + bpf_map__name(map), error);
    }
    return add<Key, Value>(map, wanted);
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
    value.ifindex = router.interface_index;
    value.versions = static_cast<std::uint8_t>(VRRP_XDP_VERSION_BIT(static_cast<unsigned>(router.version)));
    if (router.also_version_2) value.versions |= VRRP_XDP_VERSION_BIT(2U);
    value.flags = flags_of(router.local_delivery);
    if (!router.virtual_mac) value.flags |= VRRP_XDP_OWN_MAC;
    if (router.refuses_signed) value.flags |= VRRP_XDP_REFUSES_SIGNED;
    if (!router.unicast_peers.empty()) value.flags |= VRRP_XDP_UNICAST;
    value.minimum_ttl = router.minimum_ttl;
    value.vrid = router.vrid.value();
    value.family = static_cast<std::uint8_t>(router.family());
    if (router.secret) {
        value.authentication_type = VRRP_XDP_SIMPLE_TEXT;
        std::memcpy(value.authentication, router.secret->data(), sizeof(value.authentication));
    }
    std::memcpy(value.interface_mac, router.interface_mac.bytes.data(), sizeof(value.interface_mac));
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

vrrp_xdp_peer_key peer_key_of(const VirtualRouter& router, const protocol::IpAddress& peer) {
    vrrp_xdp_peer_key key{.election = key_of(router), .address = {}};
    std::memcpy(key.address, peer.bytes().data(), peer.bytes().size());
    return key;
}

struct MapContents {
    MapContents(std::span<const VirtualRouter> virtual_routers, const Slots& slots) {
        for (std::size_t i = 0; i < virtual_routers.size(); ++i) {
            const VirtualRouter& router = virtual_routers[i];
            const vrrp_xdp_vr value = value_of(router, slots.by_router[i]);
            routers.emplace(bytes_of(key_of(router)), value);
            for (const auto& peer : router.unicast_peers)
                peers.emplace(bytes_of(peer_key_of(router, peer)), value.slot);
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
    Entries<vrrp_xdp_peer_key, std::uint32_t> peers;
};

/// What spares the programs a look into a hash: the maps untagged_routers and address_filter.
class Shortcuts {
  public:
    static Result<Shortcuts> of(const vrrp_xdp_bpf& skeleton) {
        auto routers = SharedArray<vrrp_xdp_vr>::map(bpf_map__fd(skeleton.maps.untagged_routers),
                                                     VRRP_XDP_UNTAGGED_ROUTERS);
        if (!routers) return tl::unexpected(routers.error());
        auto filter =
            SharedArray<std::uint64_t>::map(bpf_map__fd(skeleton.maps.address_filter), VRRP_XDP_FILTER_WORDS);
        if (!filter) return tl::unexpected(filter.error());
        return Shortcuts(std::move(*routers), std::move(*filter));
    }

    /// Its addresses, before they come into their maps, will be looked for there.
    void announce(const MapContents& wanted) const {
        const Words words = words_of(wanted);
        for (std::size_t i = 0; i < words.size(); ++i) std::atomic_ref(filter_[i]).fetch_or(words[i]);
    }

    /// What is there already stays as it is.
    void add(const MapContents& wanted) const {
        for (const auto& [key, value] : wanted.routers)
            if (vrrp_xdp_vr* const entry = find(key); entry != nullptr && entry->versions == 0)
                put(*entry, value);
    }

    /// Comes after the hashes hold these and no others.
    void write(const MapContents& wanted) const {
        std::set<const vrrp_xdp_vr*> kept;
        for (const auto& [key, value] : wanted.routers)
            if (vrrp_xdp_vr* const entry = find(key); entry != nullptr) {
                put(*entry, value);
                kept.insert(entry);
            }
        for (std::size_t i = 0; i < routers_.size(); ++i)
            if (!kept.contains(&routers_[i])) clear(routers_[i]);
        const Words words = words_of(wanted);
        for (std::size_t i = 0; i < words.size(); ++i) std::atomic_ref(filter_[i]).store(words[i]);
    }

    void replace(const vrrp_xdp_vr_key& key, const vrrp_xdp_vr& value) const {
        if (vrrp_xdp_vr* const entry = find(bytes_of(key)); entry != nullptr) put(*entry, value);
    }

    /// The bits of its addresses stay, and cost a look into the hash until the next write().
    void remove(const vrrp_xdp_vr_key& key) const {
        if (vrrp_xdp_vr* const entry = find(bytes_of(key)); entry != nullptr) clear(*entry);
    }

  private:
    using Words = std::array<std::uint64_t, VRRP_XDP_FILTER_WORDS>;

    Shortcuts(SharedArray<vrrp_xdp_vr> routers, SharedArray<std::uint64_t> filter)
        : routers_(std::move(routers)), filter_(std::move(filter)) {}

    template <typename Key>
    static void set_bits(Words& words, const Entries<Key>& addresses) {
        for (const auto& [bytes, value] : addresses) {
            const auto key = std::bit_cast<Key>(bytes);
            const std::uint32_t bit = vrrp_xdp_filter_bit(key.address, sizeof(key.address));
            words.at(vrrp_xdp_filter_word(bit)) |= vrrp_xdp_filter_mask(bit);
        }
    }

    static Words words_of(const MapContents& wanted) {
        Words words{};
        set_bits<vrrp_xdp_ipv4_key>(words, wanted.ipv4);
        set_bits<vrrp_xdp_ipv6_key>(words, wanted.ipv6);
        return words;
    }

    /// Null for one in a VLAN.
    vrrp_xdp_vr* find(const Bytes<vrrp_xdp_vr_key>& bytes) const {
        const auto key = std::bit_cast<vrrp_xdp_vr_key>(bytes);
        if (key.vlan.tag[0] != 0 || key.vlan.tag[1] != 0) return nullptr;
        return &routers_[vrrp_xdp_untagged_index(key.vrid, key.family)];
    }

    /// The versions come last: until they are there, nobody looks at the rest.
    static void put(vrrp_xdp_vr& entry, const vrrp_xdp_vr& value) {
        vrrp_xdp_vr rest = value;
        rest.versions = entry.versions;
        entry = rest;
        std::atomic_ref(entry.versions).store(value.versions, std::memory_order_release);
    }
    static void clear(vrrp_xdp_vr& entry) { std::atomic_ref(entry.versions).store(0); }

    SharedArray<vrrp_xdp_vr> routers_;
    SharedArray<std::uint64_t> filter_;
};

std::size_t count_addresses(std::span<const VirtualRouter> virtual_routers, protocol::Family family) {
    std::size_t count = 0;
    for (const VirtualRouter& router : virtual_routers)
        if (router.family() == family) count += router.addresses.size();
    return count;
}

Result<void> check_sizes(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers) {
    if (virtual_routers.size() > VRRP_XDP_MAX_ELECTIONS)
        return failure(
            std::to_string(virtual_routers.size()) + " Virtual Routers are too many for one port",
            "a port holds " + std::to_string(VRRP_XDP_MAX_ELECTIONS) + ", including those of its VLANs");
    if (const std::size_t room = bpf_map__max_entries(skeleton.maps.vr_counters);
        virtual_routers.size() > room)
        return failure(
            std::to_string(virtual_routers.size()) +
                " Virtual Routers do not fit into the maps of the running instance, which have room for " +
                std::to_string(room),
            "run 'vrrp-xdp detach' and attach again, which causes a switchover: maps have room for twice as "
            "many as are configured at that time");
    for (const auto family : {protocol::Family::Ipv4, protocol::Family::Ipv6})
        if (const auto count = count_addresses(virtual_routers, family); count > VRRP_XDP_MAX_ADDRESSES)
            return failure(std::to_string(count) + " virtual addresses are too many for one port",
                           "a port holds " + std::to_string(VRRP_XDP_MAX_ADDRESSES) + " of each family");
    return {};
}

/// Those that nobody has come first: in the ring buffer there may still be events of the others.
std::vector<std::uint32_t> free_slots(std::uint32_t room, const std::set<std::uint32_t>& in_maps,
                                      const std::set<std::uint32_t>& kept) {
    std::vector<std::uint32_t> free;
    for (std::uint32_t slot = 0; slot < room; ++slot)
        if (!in_maps.contains(slot)) free.push_back(slot);
    for (const std::uint32_t slot : in_maps)
        if (!kept.contains(slot)) free.push_back(slot);
    return free;
}

}  // namespace

Result<Slots> assign_slots(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers) {
    if (auto checked = check_sizes(skeleton, virtual_routers); !checked)
        return tl::unexpected(checked.error());
    const auto present = read<vrrp_xdp_vr_key>(skeleton.maps.virtual_routers);
    const auto find = [&](const VirtualRouter& router) { return present.find(bytes_of(key_of(router))); };

    std::set<std::uint32_t> in_maps;
    for (const auto& [key, value] : present) in_maps.insert(value.slot);
    Slots slots;
    for (const VirtualRouter& router : virtual_routers)
        if (const auto found = find(router); found != present.end()) slots.kept.insert(found->second.slot);
    const auto free = free_slots(bpf_map__max_entries(skeleton.maps.vr_counters), in_maps, slots.kept);
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
    const auto shortcuts = Shortcuts::of(skeleton);
    if (!shortcuts) return tl::unexpected(shortcuts.error());
    shortcuts->announce(wanted);
    // Whom to hear comes before that nobody else is to be heard.
    if (auto done = write<vrrp_xdp_peer_key>(skeleton.maps.unicast_peers, wanted.peers); !done) return done;
    if (auto done = write<vrrp_xdp_vr_key>(skeleton.maps.virtual_routers, wanted.routers); !done) return done;
    if (auto done = write<vrrp_xdp_ipv4_key>(skeleton.maps.ipv4_addresses, wanted.ipv4); !done) return done;
    if (auto done = write<vrrp_xdp_ipv6_key>(skeleton.maps.ipv6_addresses, wanted.ipv6); !done) return done;
    shortcuts->write(wanted);
    return {};
}

Result<void> add(const vrrp_xdp_bpf& skeleton, std::span<const VirtualRouter> virtual_routers,
                 const Slots& slots) {
    const MapContents wanted(virtual_routers, slots);
    const auto shortcuts = Shortcuts::of(skeleton);
    if (!shortcuts) return tl::unexpected(shortcuts.error());
    shortcuts->announce(wanted);
    // Whom to hear comes before that nobody else is to be heard.
    if (auto done = add<vrrp_xdp_peer_key>(skeleton.maps.unicast_peers, wanted.peers); !done) return done;
    if (auto done = add<vrrp_xdp_vr_key>(skeleton.maps.virtual_routers, wanted.routers); !done) return done;
    shortcuts->add(wanted);
    if (auto done = add<vrrp_xdp_ipv4_key>(skeleton.maps.ipv4_addresses, wanted.ipv4); !done) return done;
    return add<vrrp_xdp_ipv6_key>(skeleton.maps.ipv6_addresses, wanted.ipv6);
}

void enter_again(const vrrp_xdp_bpf& skeleton, const VirtualRouter& virtual_router, std::uint32_t slot) {
    const vrrp_xdp_vr value = value_of(virtual_router, slot);
    const auto replace = [&](const bpf_map* map, const auto& key) {
        bpf_map__update_elem(map, &key, sizeof(key), &value, sizeof(value), BPF_EXIST);
    };
    for (const auto& address : virtual_router.addresses)
        if (virtual_router.family() == protocol::Family::Ipv4)
            replace(skeleton.maps.ipv4_addresses, key_of<vrrp_xdp_ipv4_key>(virtual_router.vlan, address));
        else
            replace(skeleton.maps.ipv6_addresses, key_of<vrrp_xdp_ipv6_key>(virtual_router.vlan, address));
    replace(skeleton.maps.virtual_routers, key_of(virtual_router));
    if (const auto shortcuts = Shortcuts::of(skeleton)) shortcuts->replace(key_of(virtual_router), value);
}

void withdraw(const vrrp_xdp_bpf& skeleton, const VirtualRouter& virtual_router) {
    const auto remove = [](const bpf_map* map, const auto& key) {
        bpf_map__delete_elem(map, &key, sizeof(key), 0);
    };
    if (const auto shortcuts = Shortcuts::of(skeleton)) shortcuts->remove(key_of(virtual_router));
    remove(skeleton.maps.virtual_routers, key_of(virtual_router));
    for (const auto& peer : virtual_router.unicast_peers)
        remove(skeleton.maps.unicast_peers, peer_key_of(virtual_router, peer));
    for (const auto& address : virtual_router.addresses)
        if (virtual_router.family() == protocol::Family::Ipv4)
            remove(skeleton.maps.ipv4_addresses, key_of<vrrp_xdp_ipv4_key>(virtual_router.vlan, address));
        else
            remove(skeleton.maps.ipv6_addresses, key_of<vrrp_xdp_ipv6_key>(virtual_router.vlan, address));
}

}  // namespace vrrp_xdp::dataplane

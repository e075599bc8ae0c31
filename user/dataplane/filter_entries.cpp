// SPDX-License-Identifier: BSD-2-Clause
#include "dataplane/filter_entries.hpp"

#include <bpf/bpf.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "device/device_filter.hpp"
#include "vrrp_xdp/abi.h"
#include "vrrp_xdp/filter_entries.h"

namespace vrrp_xdp::dataplane {
namespace {

using protocol::MacAddress;

vrrp_xdp_filter_key key_of(const MacAddress& address, std::uint16_t vlan_id = 0) {
    vrrp_xdp_filter_key key{};
    key.vlan_id = vlan_id;
    std::memcpy(key.mac, address.bytes.data(), sizeof(key.mac));
    return key;
}

MacAddress address_of(const vrrp_xdp_filter_key& key) {
    MacAddress address;
    std::memcpy(address.bytes.data(), key.mac, sizeof(key.mac));
    return address;
}

/// The interface's own MAC comes in anyway.
void add_needs(const VirtualRouter& router, std::set<MacAddress>& needed) {
    if (router.virtual_mac) needed.insert(router.mac());
    needed.insert(router.groups.begin(), router.groups.end());
}

std::set<MacAddress> needs_of(std::span<const VirtualRouter> virtual_routers) {
    std::set<MacAddress> needed;
    for (const VirtualRouter& router : virtual_routers) add_needs(router, needed);
    return needed;
}

/// So that the work of a look does not grow with the configuration.
constexpr std::size_t kLooksAtATime = 8;

bool is_group(const MacAddress& address) { return (address.bytes[0] & 1U) != 0; }

}  // namespace

std::vector<NotedEntry> read_entries(int map_fd) {
    std::vector<NotedEntry> entries;
    vrrp_xdp_filter_key key{};
    for (int more = bpf_map_get_next_key(map_fd, nullptr, &key); more == 0;
         more = bpf_map_get_next_key(map_fd, &key, &key)) {
        vrrp_xdp_filter_entry entry{};
        if (bpf_map_lookup_elem(map_fd, &key, &entry) == 0)
            entries.push_back({address_of(key), entry.ifindex, key.vlan_id});
    }
    return entries;
}

bool note_entry(int map_fd, const NotedEntry& entry) {
    const auto key = key_of(entry.address, entry.vlan_id);
    const vrrp_xdp_filter_entry value{.ifindex = entry.interface_index};
    return bpf_map_update_elem(map_fd, &key, &value, BPF_NOEXIST) == 0;
}

void forget_entry(int map_fd, const NotedEntry& entry) {
    const auto key = key_of(entry.address, entry.vlan_id);
    bpf_map_delete_elem(map_fd, &key);
}

void remove_entries(std::span<const NotedEntry> entries) {
    if (entries.empty()) return;
    const auto filter = device::DeviceFilter::open();
    if (!filter) return;
    for (const NotedEntry& entry : entries)
        filter->remove(entry.interface_index, entry.address, entry.vlan_id);
}

// What a bridge lets in is a matter of roles: an entry of its own would take frames away from the Active
// Router at one of its ports.
FilterEntries::FilterEntries(const Interface& interface, int map_fd)
    : interface_index_(interface.index), is_bridge_(interface.kind == "bridge"), map_fd_(map_fd) {}

void FilterEntries::let_in(std::span<const VirtualRouter> virtual_routers) {
    if (is_bridge_) return;
    const auto needed = needs_of(virtual_routers);
    needed_.assign(needed.begin(), needed.end());
    const auto filter = device::DeviceFilter::open();
    if (!filter) {
        refusal_ = filter.error().what;
        return;
    }
    for (const MacAddress& address : needed) {
        if (lets_in(address)) continue;
        const NotedEntry entry{address, interface_index_};
        // Noted first: of one that is made and not noted, nobody would know whose it is. If the map is full,
        // sockets have to do.
        if (!note_entry(map_fd_, entry)) continue;
        const auto added = filter->add(interface_index_, address);
        if (added && *added == device::Entry::Made) continue;
        forget_entry(map_fd_, entry);
        if (!added && !is_group(address)) refusal_ = added.error().what;
    }
}

void FilterEntries::let_in_no_others(std::span<const VirtualRouter> virtual_routers) {
    const auto needed = needs_of(virtual_routers);
    needed_.assign(needed.begin(), needed.end());
    auto entries = read_entries(map_fd_);
    std::erase_if(entries, [&](const NotedEntry& entry) {
        return entry.interface_index == interface_index_ && needed.contains(entry.address);
    });
    remove_entries(entries);
    for (const NotedEntry& entry : entries) forget_entry(map_fd_, entry);
}

std::vector<MacAddress> FilterEntries::restore() {
    std::vector<MacAddress> missing;
    if (is_bridge_ || needed_.empty()) return missing;
    const auto filter = device::DeviceFilter::open();
    if (!filter) return missing;
    for (std::size_t i = 0; i < std::min(kLooksAtATime, needed_.size()); ++i) {
        const MacAddress& address = needed_[next_++ % needed_.size()];
        if (!lets_in(address)) continue;
        // Asked for by the order to make it: a device does not tell what its filter has.
        const auto added = filter->add(interface_index_, address);
        if (added && *added == device::Entry::Made) missing.push_back(address);
    }
    return missing;
}

bool FilterEntries::lets_in(const MacAddress& address) const {
    const auto key = key_of(address);
    vrrp_xdp_filter_entry entry{};
    return !is_bridge_ && bpf_map_lookup_elem(map_fd_, &key, &entry) == 0 &&
           entry.ifindex == interface_index_;
}

}  // namespace vrrp_xdp::dataplane

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The maps, each one's meaning in vrrp_xdp/abi.h, and the few ways in which the programs use them. */
#ifndef VRRP_XDP_BPF_MAPS_H
#define VRRP_XDP_BPF_MAPS_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

#include <bpf/bpf_helpers.h>

#include "capture.h"
#include "parse.h"
#include "vrrp_xdp/abi.h"
#include "vrrp_xdp/filter_entries.h"

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, VRRP_XDP_MAX_ELECTIONS);
    __type(key, struct vrrp_xdp_vr_key);
    __type(value, struct vrrp_xdp_vr);
} virtual_routers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, VRRP_XDP_UNTAGGED_ROUTERS);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_vr);
} untagged_routers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, VRRP_XDP_MAX_ADDRESSES);
    __type(key, struct vrrp_xdp_ipv4_key);
    __type(value, struct vrrp_xdp_vr);
} ipv4_addresses SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, VRRP_XDP_MAX_ADDRESSES);
    __type(key, struct vrrp_xdp_ipv6_key);
    __type(value, struct vrrp_xdp_vr);
} ipv6_addresses SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, VRRP_XDP_FILTER_WORDS);
    __type(key, __u32);
    __type(value, __u64);
} address_filter SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, VRRP_XDP_MAX_PEERS);
    __type(key, struct vrrp_xdp_peer_key);
    __type(value, __u32);
} unicast_peers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, VRRP_XDP_MAX_ELECTIONS);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_lease);
} leases SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, VRRP_XDP_MAX_ELECTIONS);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_expected);
} expected SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, VRRP_XDP_MAX_ELECTIONS);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_stamp);
} stamps SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, VRRP_XDP_MAX_ELECTIONS);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_gaps);
} gaps SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, VRRP_XDP_MAX_ELECTIONS);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_vr_counters);
} vr_counters SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_port_counters);
} port_counters SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, VRRP_XDP_RING_BYTES);
} events SEC(".maps");

/* Where an event is put together: too large for the stack, and not every one is sent. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_event);
} event_draft SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_port);
} port SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, VRRP_XDP_MAX_FILTER_ENTRIES);
    __type(key, struct vrrp_xdp_filter_key);
    __type(value, struct vrrp_xdp_filter_entry);
} filter_entries SEC(".maps");

static __always_inline const struct vrrp_xdp_vr* find_virtual_router(struct vrrp_xdp_vlan vlan, __u8 vrid,
                                                                     enum vrrp_xdp_family family) {
    const struct vrrp_xdp_vr_key key = {.vlan = vlan, .vrid = vrid, .family = family};
    __u32 index = vrrp_xdp_untagged_index(vrid, family);
    const struct vrrp_xdp_vr* vr;

    if (vlan.tag[0] || vlan.tag[1]) return bpf_map_lookup_elem(&virtual_routers, &key);
    vr = bpf_map_lookup_elem(&untagged_routers, &index);
    return vr && vr->versions ? vr : NULL;
}

/* source: 16 bytes, IPv4 in the first four. */
static __always_inline bool is_unicast_peer(struct vrrp_xdp_vlan vlan, __u8 vrid, enum vrrp_xdp_family family,
                                            const __u8* source) {
    struct vrrp_xdp_peer_key key = {.election = {.vlan = vlan, .vrid = vrid, .family = family}};

    __builtin_memcpy(key.address, source, sizeof(key.address));
    return bpf_map_lookup_elem(&unicast_peers, &key);
}

/* bytes: 4 or 16. */
static __always_inline bool may_be_virtual(const __u8* address, __u32 bytes) {
    __u32 bit = vrrp_xdp_filter_bit(address, bytes);
    __u32 index = vrrp_xdp_filter_word(bit);
    const __u64* word = bpf_map_lookup_elem(&address_filter, &index);

    return word && *word & vrrp_xdp_filter_mask(bit);
}

static __always_inline const struct vrrp_xdp_vr* find_ipv4(struct vrrp_xdp_vlan vlan, const void* address) {
    struct vrrp_xdp_ipv4_key key = {.vlan = vlan};

    __builtin_memcpy(key.address, address, sizeof(key.address));
    if (!may_be_virtual(key.address, sizeof(key.address))) return NULL;
    return bpf_map_lookup_elem(&ipv4_addresses, &key);
}

static __always_inline const struct vrrp_xdp_vr* find_ipv6(struct vrrp_xdp_vlan vlan, const void* address) {
    struct vrrp_xdp_ipv6_key key = {.vlan = vlan};

    __builtin_memcpy(key.address, address, sizeof(key.address));
    if (!may_be_virtual(key.address, sizeof(key.address))) return NULL;
    return bpf_map_lookup_elem(&ipv6_addresses, &key);
}

/* Whether another router's word has ended the lease: see struct vrrp_xdp_lease. */
static __always_inline bool is_succeeded(__u32 slot, __u64 firm_ns) {
    const struct vrrp_xdp_stamp* stamp = bpf_map_lookup_elem(&stamps, &slot);

    return stamp && *(const volatile __u64*)&stamp->rival_ns > firm_ns;
}

/* Whether this router is Active for the election: the one question that every answer and every accepted frame
 * asks. Each word is read once; the controller stores it with a single store. */
static __always_inline bool is_active(const struct vrrp_xdp_vr* vr) {
    __u32 slot = vr->slot;
    const struct vrrp_xdp_lease* lease = bpf_map_lookup_elem(&leases, &slot);

    if (!lease || bpf_ktime_get_boot_ns() >= *(const volatile __u64*)&lease->deadline_ns) return false;
    return !is_succeeded(slot, *(const volatile __u64*)&lease->firm_ns);
}

/* Whether it is another router's business where the address is: without a virtual MAC it moves with the
 * Active Router. */
static __always_inline bool is_elsewhere(const struct vrrp_xdp_vr* vr) {
    return vr->flags & VRRP_XDP_OWN_MAC && !is_active(vr);
}

/* Whether the frame is for this router, as far as its Virtual Router goes: to a group that it may be in, to
 * the virtual MAC or to the interface's own. Of others' a promiscuous interface shows us many, and a switch
 * floods them. */
static __always_inline bool is_to_us(const struct vrrp_xdp_vr* vr, const __u8* destination) {
    return is_group_mac(destination) || mac_equal(destination, vr->mac) ||
           mac_equal(destination, vr->interface_mac);
}

/* Both kinds of counters are per CPU, so a plain increment is exact. */
static __always_inline void count(const struct vrrp_xdp_vr* vr, __u32 counter) {
    __u32 slot = vr->slot;
    __u64* counters = bpf_map_lookup_elem(&vr_counters, &slot);

    if (!counters) return;
    barrier_var(counter); /* checked on the register that is used: older verifiers follow no copy of it */
    if (counter < VRRP_XDP_VR_COUNTER_COUNT) counters[counter]++;
    note_reason(vr, counter);
}

static __always_inline void count_on_port(__u32 counter) {
    __u32 first = 0;
    __u64* counters = bpf_map_lookup_elem(&port_counters, &first);

    if (!counters) return;
    barrier_var(counter);
    if (counter < VRRP_XDP_PORT_COUNTER_COUNT) counters[counter]++;
    note_port_reason(counter);
}

#endif

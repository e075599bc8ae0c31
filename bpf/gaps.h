/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How long the router that is followed was silent, and how much of this router's patience that took. */
#ifndef VRRP_XDP_BPF_GAPS_H
#define VRRP_XDP_BPF_GAPS_H

#include "maps.h"

/* Nearly every gap is an interval, which is between a quarter and a half of Active_Down_Interval. */
static __always_inline __u32 bucket_of(__u64 gap, __u64 patience) {
    if (gap > patience >> 1) return gap > patience ? 6 : 5;
    if (gap > patience >> 2) return 4;
    if (gap > patience >> 3) return 3;
    if (gap > patience >> 4) return 2;
    return gap > patience >> 5 ? 1 : 0;
}

static __always_inline void note_in_window(struct vrrp_xdp_gaps* all, __u64 gap, __u64 now) {
    __u64 window = now >> VRRP_XDP_GAP_WINDOW_SHIFT;

    if (window != all->window) {
        all->previous_window_largest_ns = window == all->window + 1 ? all->window_largest_ns : 0;
        all->window_largest_ns = 0;
        all->window = window;
    }
    if (gap > all->window_largest_ns) all->window_largest_ns = gap;
}

/* before: when the expected advertisement came in before, which may have been of another router. */
static __always_inline void note_gap(__u32 slot, const struct vrrp_xdp_expected* wanted, __u64 before,
                                     __u64 now) {
    __u64 followed = *(const volatile __u64*)&wanted->followed_ns;
    __u64 patience = *(const volatile __u64*)&wanted->patience_ns;
    struct vrrp_xdp_gaps* all;
    __u32 bucket;
    __u64 gap;

    if (followed > before) before = followed;
    all = bpf_map_lookup_elem(&gaps, &slot);
    if (!all || !patience || now < before) return;
    gap = now - before;
    if (!all->count) all->since_ns = now;
    all->recent_ns[all->count++ % VRRP_XDP_RECENT_GAPS] = gap;
    if (gap > all->largest_ns) {
        all->largest_ns = gap;
        all->largest_of_ns = patience;
    }
    note_in_window(all, gap, now);
    if (3 * gap > 2 * patience) all->near_failovers++;
    bucket = bucket_of(gap, patience);
    barrier_var(bucket);
    if (bucket < VRRP_XDP_GAP_BUCKETS) all->buckets[bucket]++;
}

#endif

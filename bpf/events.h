/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the controller is told, over the ring buffer. A full ring loses events, and counts them. */
#ifndef VRRP_XDP_BPF_EVENTS_H
#define VRRP_XDP_BPF_EVENTS_H

#include "maps.h"
#include "parse.h"

/* Reports of one Virtual Router's addresses being claimed are at least this far apart. */
#define CLAIM_REPORT_INTERVAL_NS 1000000000ull

/* Advertisements of one Virtual Router and one urgency that reach the controller: one a millisecond in
 * the long run, so many at once. A flood then costs it, and the other elections' share of the ring, no
 * more. */
#define ADVERTISEMENT_COST_NS 1000000ull
#define ADVERTISEMENT_BURST 32

static __always_inline struct vrrp_xdp_event* draft_event(void) {
    __u32 first = 0;

    return bpf_map_lookup_elem(&event_draft, &first);
}

static __always_inline void send_event(const struct frame* frame, struct vrrp_xdp_event* event,
                                       const struct vrrp_xdp_vr* vr, __u64 now) {
    const struct vrrp_xdp_vr_key election = {.vlan = frame->vlan, .vrid = vr->vrid, .family = vr->family};
    __u64 bytes = offsetof(struct vrrp_xdp_event, message) + event->length;

    event->received_ns = now;
    event->ifindex = interface_of(frame);
    event->slot = vr->slot;
    event->election = election;
    event->zero = 0;
    if (bytes > sizeof(*event)) bytes = sizeof(*event);
    if (bpf_ringbuf_output(&events, event, bytes, 0)) count(vr, VRRP_XDP_VR_events_lost);
}

/* Two CPUs that ask at once may let one more through. */
static __always_inline bool is_within_rate(struct vrrp_xdp_stamp* stamp, __u32 urgency, __u64 now) {
    __u64* ahead;
    __u64 from;

    barrier_var(urgency); /* checked on the register that is used: older verifiers follow no copy of it */
    if (urgency >= VRRP_XDP_URGENCY_COUNT) return false;
    ahead = &stamp->events_ns[urgency];
    from = *ahead > now ? *ahead : now;
    if (from - now > (ADVERTISEMENT_BURST - 1) * ADVERTISEMENT_COST_NS) return false;
    *ahead = from + ADVERTISEMENT_COST_NS;
    return true;
}

/* Somebody says that a virtual address is at a MAC which is not the virtual one. */
static __always_inline void report_claim(const struct frame* frame, const struct vrrp_xdp_vr* vr,
                                         enum vrrp_xdp_family family, const __u8* address, const __u8* mac) {
    struct vrrp_xdp_event* event = draft_event();
    __u64 now = bpf_ktime_get_boot_ns();
    struct vrrp_xdp_stamp* stamp;
    __u32 slot = vr->slot;

    stamp = bpf_map_lookup_elem(&stamps, &slot);
    if (!event || !stamp || now - stamp->claim_ns < CLAIM_REPORT_INTERVAL_NS) return;
    stamp->claim_ns = now;

    event->type = VRRP_XDP_CLAIM;
    event->length = 0;
    __builtin_memcpy(event->source_mac, mac, sizeof(event->source_mac));
    __builtin_memset(event->source, 0, sizeof(event->source));
    __builtin_memset(event->destination, 0, sizeof(event->destination));
    __builtin_memcpy(event->source, address, family == VRRP_XDP_IPV6 ? 16 : 4);
    send_event(frame, event, vr, now);
}

#endif

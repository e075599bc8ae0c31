/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the controller is told, over the ring buffer. A full ring loses events, and counts them. */
#ifndef VRRP_XDP_BPF_EVENTS_H
#define VRRP_XDP_BPF_EVENTS_H

#include "maps.h"

static __always_inline struct vrrp_xdp_event* draft_event(void) {
    __u32 first = 0;

    return bpf_map_lookup_elem(&event_draft, &first);
}

static __always_inline void send_event(const struct xdp_md* ctx, struct vrrp_xdp_event* event,
                                       const struct vrrp_xdp_vr* vr, __u64 now) {
    __u64 bytes = offsetof(struct vrrp_xdp_event, message) + event->length;

    event->received_ns = now;
    event->ifindex = ctx->ingress_ifindex;
    event->slot = vr->slot;
    event->family = VRRP_XDP_IPV4;
    if (bytes > sizeof(*event)) bytes = sizeof(*event);
    if (bpf_ringbuf_output(&events, event, bytes, 0)) count(vr, VRRP_XDP_VR_events_lost);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Frames sent to a virtual MAC: the Active Router's kernel gets them as its own, a Backup Router drops them
 * (RFC 9568 sections 6.4.2 and 6.4.3). */
#ifndef VRRP_XDP_BPF_VIRTUAL_MAC_H
#define VRRP_XDP_BPF_VIRTUAL_MAC_H

#include "ipv4.h"
#include "ndisc.h"

static __always_inline const struct vrrp_xdp_vr* find_by_virtual_mac(const struct frame* frame,
                                                                     const __u8* mac) {
    enum vrrp_xdp_family family = virtual_mac_family(mac);

    return family ? find_virtual_router(frame->vlan, mac[5], family) : NULL;
}

/* Whether the packet is for a virtual address that is held here without accepting anything for it. Neighbour
 * Discovery is accepted all the same (RFC 9568 section 6.1). */
static __always_inline bool is_for_unaccepted_address(struct xdp_md* ctx, const struct frame* frame) {
    const struct iphdr* ipv4 = ipv4_of(frame);
    const struct ipv6hdr* ipv6 = ipv6_of(frame);
    const struct vrrp_xdp_vr* vr = NULL;

    if (ipv4) vr = find_ipv4(frame->vlan, &ipv4->daddr);
    if (ipv6) vr = find_ipv6(frame->vlan, &ipv6->daddr);
    if (!vr || vr->flags & VRRP_XDP_ACCEPT || !is_active(vr)) return false;
    return !ipv6 || !is_neighbour_discovery(ctx, frame, ipv6);
}

static __always_inline int virtual_mac_input(struct xdp_md* ctx, const struct frame* frame) {
    const struct vrrp_xdp_vr* vr = find_by_virtual_mac(frame, frame->ethernet->h_dest);

    if (!vr) return NOT_OURS;
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_frames_not_active);
        return XDP_DROP;
    }
    if (is_for_unaccepted_address(ctx, frame)) {
        count(vr, VRRP_XDP_VR_frames_not_accepted);
        return XDP_DROP;
    }
    count(vr, VRRP_XDP_VR_frames_accepted);
    return XDP_PASS;
}

#endif

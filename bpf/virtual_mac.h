/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Frames sent to a virtual MAC: the Active Router's kernel gets them as its own, a Backup Router drops them
 * (RFC 9568 sections 6.4.2 and 6.4.3). */
#ifndef VRRP_XDP_BPF_VIRTUAL_MAC_H
#define VRRP_XDP_BPF_VIRTUAL_MAC_H

#include "ipv4.h"
#include "maps.h"

static __always_inline const struct vrrp_xdp_vr* find_by_virtual_mac(const struct frame* frame,
                                                                     const __u8* mac) {
    if (!is_ipv4_virtual_mac(mac)) return NULL;
    return find_virtual_router(frame->vlan, mac[5], VRRP_XDP_IPV4);
}

/* Whether the packet is for a virtual address that is held here without accepting anything for it. */
static __always_inline bool is_for_unaccepted_address(const struct frame* frame, const struct iphdr* ip) {
    const struct vrrp_xdp_vr* vr = ip ? find_ipv4(frame->vlan, &ip->daddr) : NULL;

    return vr && !(vr->flags & VRRP_XDP_ACCEPT) && is_active(vr);
}

static __always_inline int virtual_mac_input(const struct frame* frame, const struct iphdr* ip) {
    const struct vrrp_xdp_vr* vr = find_by_virtual_mac(frame, frame->ethernet->h_dest);

    if (!vr) return NOT_OURS;
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_frames_not_active);
        return XDP_DROP;
    }
    if (is_for_unaccepted_address(frame, ip)) {
        count(vr, VRRP_XDP_VR_frames_not_accepted);
        return XDP_DROP;
    }
    count(vr, VRRP_XDP_VR_frames_accepted);
    return XDP_PASS;
}

#endif

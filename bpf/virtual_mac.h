/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Frames sent to a virtual MAC: the Active Router's kernel gets them as its own, a Backup Router drops them
 * (RFC 9568 sections 6.4.2 and 6.4.3). And packets to a virtual address that come to another MAC. */
#ifndef VRRP_XDP_BPF_VIRTUAL_MAC_H
#define VRRP_XDP_BPF_VIRTUAL_MAC_H

#include "fib.h"
#include "ipv4.h"
#include "ndisc.h"

static __always_inline const struct vrrp_xdp_vr* find_by_virtual_mac(const struct frame* frame,
                                                                     const __u8* mac) {
    enum vrrp_xdp_family family = virtual_mac_family(mac);
    const struct vrrp_xdp_vr* vr;

    if (!family) return NULL;
    vr = find_virtual_router(frame->vlan, mac[5], family);
    return vr && !(vr->flags & VRRP_XDP_OWN_MAC) ? vr : NULL;
}

/* The Virtual Router whose address the packet is for, or NULL. Neighbour Discovery is for everybody: it is
 * accepted whatever else is (RFC 9568 section 6.1). */
static __always_inline const struct vrrp_xdp_vr* find_by_destination(const struct frame* frame) {
    const struct iphdr* ipv4 = ipv4_of(frame);
    const struct ipv6hdr* ipv6 = ipv6_of(frame);
    const struct vrrp_xdp_vr* vr = NULL;

    if (ipv4) return find_ipv4(frame->vlan, &ipv4->daddr);
    if (ipv6) vr = find_ipv6(frame->vlan, &ipv6->daddr);
    return vr && !is_neighbour_discovery(frame, ipv6) ? vr : NULL;
}

/* Whether the kernel would take the packet for its own, because the host has the virtual address itself, on
 * whatever interface and since whenever. If not, another gateway forwards it, as always. */
static __always_inline bool is_taken_for_own(const struct frame* frame, const struct vrrp_xdp_vr* vr) {
    const struct iphdr* ipv4 = ipv4_of(frame);
    const struct ipv6hdr* ipv6 = ipv6_of(frame);

    if (ipv4) return is_for_this_host(frame, vr, VRRP_XDP_IPV4, &ipv4->saddr, &ipv4->daddr);
    return ipv6 && is_for_this_host(frame, vr, VRRP_XDP_IPV6, &ipv6->saddr, &ipv6->daddr);
}

/* Sections 6.4.2 and 6.4.3: the host gets what is for one of its own addresses, and with Accept_Mode what is
 * for the Active Router's while it is that. Nothing else that is for a virtual address. */
static __always_inline enum verdict guarded_input(const struct frame* frame) {
    const struct vrrp_xdp_vr* vr = find_by_destination(frame);

    if (!vr || vr->flags & VRRP_XDP_OWNER || !is_to_us(vr, frame->ethernet->h_dest)) return NOT_OURS;
    if (!is_taken_for_own(frame, vr)) return NOT_OURS;
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_frames_not_active);
        return DROP;
    }
    note_router(vr);
    if (vr->flags & VRRP_XDP_ACCEPT) return NOT_OURS;
    count(vr, VRRP_XDP_VR_frames_not_accepted);
    return DROP;
}

static __always_inline enum verdict virtual_mac_input(const struct frame* frame) {
    const struct vrrp_xdp_vr* vr = find_by_virtual_mac(frame, frame->ethernet->h_dest);
    const struct vrrp_xdp_vr* addressed;

    if (!vr) return guarded_input(frame);
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_frames_not_active);
        return DROP;
    }
    /* That of another Virtual Router, which is not Active, is routed to the one that is. */
    addressed = find_by_destination(frame);
    if (addressed && !(addressed->flags & VRRP_XDP_ACCEPT) && is_active(addressed)) {
        count(vr, VRRP_XDP_VR_frames_not_accepted);
        return DROP;
    }
    count(vr, VRRP_XDP_VR_frames_accepted);
    return ACCEPT;
}

#endif

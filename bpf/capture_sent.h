/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is sent on behalf of a Virtual Router, as the egress hook sees it: by the controller, its guardian,
 * the host, and as an answer of the clsact program's. */
#ifndef VRRP_XDP_BPF_CAPTURE_SENT_H
#define VRRP_XDP_BPF_CAPTURE_SENT_H

#include "capture.h"
#include "clsact.h"

#ifdef VRRP_XDP_CAPTURE

/* offset: of the VRRP message in the frame. */
static __always_inline void note_sent_advertisement(const struct frame* frame, __u32 offset,
                                                    enum vrrp_xdp_family family) {
    __u8 header[2]; /* version and type, VRID */

    if (read_bytes(frame, offset, header, sizeof(header))) return;
    if (find_virtual_router(frame->vlan, header[1], family)) note_advertisement(header[1], family);
}

static __always_inline void note_sent_nd(const struct frame* frame, __u32 offset) {
    const struct vrrp_xdp_vr* vr;
    struct nd_message message;

    if (read_bytes(frame, offset, &message, sizeof(message)) || message.type != ND_ADVERTISEMENT) return;
    vr = find_ipv6(frame->vlan, message.target);
    if (vr) note_nd(vr);
}

/* The Virtual Router that the frame speaks for, by its source's MAC or address, and what it is. */
static __always_inline void note_sender(const struct frame* frame) {
    const struct vrrp_xdp_vr* vr = find_by_virtual_mac(frame, frame->ethernet->h_source);
    const struct iphdr* ipv4 = ipv4_of(frame);
    const struct ipv6hdr* ipv6 = ipv6_of(frame);

    if (frame->ethertype == bpf_htons(ETH_P_ARP)) {
        vr = speaks_for(frame, frame->payload);
        if (vr) note_arp(vr);
    } else if (ipv4) {
        if (!vr) vr = find_ipv4(frame->vlan, &ipv4->saddr);
        if (vr) note_router(vr);
        if (ipv4->protocol == VRRP_XDP_IP_PROTOCOL)
            note_sent_advertisement(frame, offset_of(frame, ipv4) + ipv4->ihl * 4, VRRP_XDP_IPV4);
    } else if (ipv6) {
        if (!vr) vr = find_ipv6(frame->vlan, &ipv6->saddr);
        if (vr) note_router(vr);
        if (ipv6->nexthdr == VRRP_XDP_IP_PROTOCOL)
            note_sent_advertisement(frame, offset_of(frame, ipv6 + 1), VRRP_XDP_IPV6);
        if (ipv6->nexthdr == IPV6_ICMP) note_sent_nd(frame, offset_of(frame, ipv6 + 1));
    }
}

/* action: what the egress program says of it. */
static __always_inline void observe_sent(struct __sk_buff* skb, int action) {
    struct vrrp_xdp_captured* note = current_note();
    struct vrrp_xdp_capture* asked = asked_capture();
    __u8 verdict = action == TC_ACT_SHOT ? VRRP_XDP_CAPTURE_DROPPED : VRRP_XDP_CAPTURE_SENT;
    __u64 now = bpf_ktime_get_boot_ns();
    struct frame frame;

    if (!note || !asked || now >= *(const volatile __u64*)&asked->until_ns) return;
    if (!parse_skb(&frame, skb, (void*)(long)skb->data, (void*)(long)skb->data_end)) return;
    note_sender(&frame);
    if (note->family) capture_frame(&frame, asked, note, verdict, true, now);
}

#else

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"
static __always_inline void observe_sent(struct __sk_buff* skb, int action) {}
#pragma clang diagnostic pop

#endif

#endif

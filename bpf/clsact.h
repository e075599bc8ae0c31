/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The clsact hook, for what XDP cannot do: say that a frame to the virtual MAC is the host's own (native veth
 * has decided that before XDP runs), and give what the host sends from a virtual address the virtual MAC. */
#ifndef VRRP_XDP_BPF_CLSACT_H
#define VRRP_XDP_BPF_CLSACT_H

#include <linux/if_packet.h>
#include <linux/pkt_cls.h>

#include "arp.h"
#include "virtual_mac.h"

/* The longest that is parsed: Ethernet with two tags. No IP packet leaves a frame shorter than this. */
struct link_header {
    struct ethhdr ethernet;
    struct vlan_header tags[2];
};

/* The kernel has taken the outer tag, if any, out of the frame by now; two that are left make three. */
static __always_inline bool parse_skb(struct frame* frame, const struct __sk_buff* skb, void* data,
                                      void* end) {
    if (!parse_frame(frame, data, end)) return false;
    if (skb->vlan_present) {
        if (frame->payload > (void*)(frame->ethernet + 1) + sizeof(struct vlan_header)) return false;
        frame->vlan.tag[1] = frame->vlan.tag[0];
        frame->vlan.tag[0] = vlan_tag(skb->vlan_proto, skb->vlan_tci);
    }
    return true;
}

static __always_inline int mark_as_own(struct __sk_buff* skb) {
    const struct vrrp_xdp_vr* vr;
    struct link_header header;
    struct frame frame;

    if (skb->pkt_type != PACKET_OTHERHOST) return TC_ACT_UNSPEC;
    /* Not by skb->data: after generic XDP had to copy the packet, that is behind the Ethernet header (Linux
     * 6.18 forgets mac_len in the copy). */
    if (bpf_skb_load_bytes_relative(skb, 0, &header, sizeof(header), BPF_HDR_START_MAC)) return TC_ACT_UNSPEC;
    if (!parse_skb(&frame, skb, &header, &header + 1)) return TC_ACT_UNSPEC;
    vr = find_by_virtual_mac(&frame, frame.ethernet->h_dest);
    if (vr && is_active(vr)) bpf_skb_change_type(skb, PACKET_HOST);
    return TC_ACT_UNSPEC;
}

/* RFC 9568 section 8.1.2: nobody may learn the physical MAC for a virtual address. */
static __always_inline int send_from_virtual_mac(struct __sk_buff* skb) {
    const struct vrrp_xdp_vr* vr = NULL;
    struct arp_ipv4* arp = NULL;
    const struct iphdr* ip;
    struct frame frame;

    if (!parse_skb(&frame, skb, (void*)(long)skb->data, (void*)(long)skb->data_end)) return TC_ACT_UNSPEC;
    ip = ipv4_of(&frame);
    if (ip) {
        vr = find_ipv4(frame.vlan, &ip->saddr);
    } else if (frame.ethertype == bpf_htons(ETH_P_ARP)) {
        arp = frame.payload;
        if ((void*)(arp + 1) > frame.end || !is_arp_ipv4(arp)) return TC_ACT_UNSPEC;
        vr = find_ipv4(frame.vlan, arp->sender_ip);
    }
    if (!vr || !is_active(vr)) return TC_ACT_UNSPEC;

    __builtin_memcpy(frame.ethernet->h_source, vr->mac, ETH_ALEN);
    if (arp) __builtin_memcpy(arp->sender_mac, vr->mac, ETH_ALEN);
    return TC_ACT_UNSPEC;
}

#endif

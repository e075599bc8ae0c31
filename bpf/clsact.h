/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The clsact hook: the whole data plane where there is no native XDP, and beside XDP the two things that XDP
 * cannot do. Those are to say that a frame to the virtual MAC is the host's own (native veth has decided that
 * before XDP runs), and to give what the host sends from a virtual address the virtual MAC. */
#ifndef VRRP_XDP_BPF_CLSACT_H
#define VRRP_XDP_BPF_CLSACT_H

#include <linux/if_packet.h>
#include <linux/pkt_cls.h>

#include "arp.h"
#include "ndisc.h"
#include "virtual_mac.h"

/* The longest that is parsed. No IP packet leaves a frame shorter than this. */
struct link_header {
    struct ethhdr ethernet;
    struct vlan_header tags[2];
};

/* What handlers read through pointers: the headers up to the one of IPv6, which is longer than an ARP packet.
 */
#define READ_BY_POINTER \
    (sizeof(struct ethhdr) + MOST_TAGS * sizeof(struct vlan_header) + sizeof(struct ipv6hdr))

/* The kernel has taken the outer tag, if any, out of the frame by now. */
static __always_inline bool parse_skb(struct frame* frame, struct __sk_buff* skb, void* data, void* end) {
    *frame = (struct frame){.context = skb, .hook = HOOK_CLSACT, .length = skb->len};
    if (skb->vlan_present && !add_tag(&frame->vlan, skb->vlan_proto, skb->vlan_tci)) return false;
    return parse_frame(frame, data, end);
}

/* A frame that came in. Its headers are brought to where pointers reach them, if the driver or GRO left them
 * in a page of their own, and nothing else is: an aggregate of GRO's stays as it is. */
static __always_inline bool parse_received(struct frame* frame, struct __sk_buff* skb) {
    __u32 linear = skb->data_end - skb->data;

    if (linear < READ_BY_POINTER && linear < skb->len)
        bpf_skb_pull_data(skb, skb->len < READ_BY_POINTER ? skb->len : READ_BY_POINTER);
    return parse_skb(frame, skb, (void*)(long)skb->data, (void*)(long)skb->data_end);
}

/* The verdict in the words of a clsact program: an answer leaves by the device that the question came in at,
 * with the tag that lies beside it, and what is not dropped is for the next filter to judge. */
static __always_inline int clsact_action(struct __sk_buff* skb, enum verdict verdict) {
    switch (verdict) {
        case DROP:
            return TC_ACT_SHOT;
        case ANSWER:
            return bpf_redirect(skb->ifindex, 0);
        case ACCEPT:
            if (skb->pkt_type == PACKET_OTHERHOST) bpf_skb_change_type(skb, PACKET_HOST);
            return TC_ACT_UNSPEC;
        default:
            return TC_ACT_UNSPEC;
    }
}

static __always_inline int mark_as_own(struct __sk_buff* skb) {
    const struct vrrp_xdp_vr* vr;
    struct link_header header __attribute__((aligned(8))); /* its MACs are compared by the word */
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

/* The Virtual Router that an ARP packet speaks for, or NULL. */
static __always_inline const struct vrrp_xdp_vr* speaks_for(const struct frame* frame,
                                                            const struct arp_ipv4* arp) {
    if ((void*)(arp + 1) > frame->end || !is_arp_ipv4(arp)) return NULL;
    return find_ipv4(frame->vlan, arp->sender_ip);
}

/* Replaces the link-layer address in a Neighbour Discovery message of the kernel's, or of a router
 * advertisement daemon's, and mends the checksum. Options are whole units of eight bytes, and this one is one
 * unit long. */
static __always_inline void give_nd_virtual_mac(struct __sk_buff* skb, __u32 icmp,
                                                const struct vrrp_xdp_vr* vr) {
    __u32 offset;
    __u32 i;
    __u8 type;

    if (bpf_skb_load_bytes(skb, icmp, &type, sizeof(type))) return;
    if (type == ND_SOLICITATION || type == ND_ADVERTISEMENT)
        offset = icmp + sizeof(struct nd_message);
    else if (type == ND_ROUTER_ADVERTISEMENT)
        offset = icmp + ND_ROUTER_ADVERTISEMENT_BYTES;
    else
        return;

    for (i = 0; i < ND_MOST_OPTIONS; i++) {
        struct nd_address_option before, after;

        if (bpf_skb_load_bytes(skb, offset, &before, sizeof(before)) || !before.units) return;
        if (before.type == ND_SOURCE_ADDRESS_OPTION || before.type == ND_TARGET_ADDRESS_OPTION) {
            after = before;
            __builtin_memcpy(after.mac, vr->mac, sizeof(after.mac));
            bpf_skb_store_bytes(skb, offset, &after, sizeof(after), 0);
            bpf_l4_csum_replace(
                skb, icmp + offsetof(struct nd_message, checksum), 0,
                bpf_csum_diff((__be32*)&before, sizeof(before), (__be32*)&after, sizeof(after), 0), 0);
            return;
        }
        offset += before.units * ND_OPTION_UNIT;
    }
}

/* A virtual address that the host merely holds is the Active Router's to speak from, with Accept_Mode too: a
 * controller that died has left it there. The owner's is its own. */
static __always_inline int stay_silent(const struct vrrp_xdp_vr* vr) {
    if (vr->flags & VRRP_XDP_OWNER) return TC_ACT_UNSPEC;
    count(vr, VRRP_XDP_VR_frames_not_sent);
    return TC_ACT_SHOT;
}

/* RFC 9568 sections 8.1.2 and 8.2.2: nobody may learn the physical MAC for a virtual address. */
static __always_inline int send_from_virtual_mac(struct __sk_buff* skb) {
    const struct vrrp_xdp_vr* vr = NULL;
    const struct ipv6hdr* ipv6;
    struct arp_ipv4* arp = NULL;
    const struct iphdr* ipv4;
    struct frame frame;
    __u32 icmp = 0; /* where an ICMPv6 message starts, if there is one */

    if (!parse_skb(&frame, skb, (void*)(long)skb->data, (void*)(long)skb->data_end)) return TC_ACT_UNSPEC;
    ipv4 = ipv4_of(&frame);
    ipv6 = ipv6_of(&frame);
    if (ipv4) {
        vr = find_ipv4(frame.vlan, &ipv4->saddr);
    } else if (ipv6) {
        vr = find_ipv6(frame.vlan, &ipv6->saddr);
        if (ipv6->nexthdr == IPV6_ICMP) icmp = offset_of(&frame, ipv6 + 1);
    } else if (frame.ethertype == bpf_htons(ETH_P_ARP)) {
        arp = frame.payload;
        vr = speaks_for(&frame, arp);
    }
    if (!vr) return TC_ACT_UNSPEC;
    if (!is_active(vr)) return stay_silent(vr);

    __builtin_memcpy(frame.ethernet->h_source, vr->mac, ETH_ALEN);
    if (arp) __builtin_memcpy(arp->sender_mac, vr->mac, ETH_ALEN);
    if (icmp) give_nd_virtual_mac(skb, icmp, vr);
    return TC_ACT_UNSPEC;
}

#endif

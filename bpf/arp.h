/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARP for the virtual addresses: the Active Router answers with the virtual MAC, nobody else answers at all
 * (RFC 9568 section 8.1.2). */
#ifndef VRRP_XDP_BPF_ARP_H
#define VRRP_XDP_BPF_ARP_H

#include "events.h"
#include "parse.h"

/* Reports of one Virtual Router's addresses being claimed are at least this far apart. */
#define CLAIM_REPORT_INTERVAL_NS 1000000000ull

/* RFC 826 for Ethernet and IPv4. The kernel's <linux/if_arp.h> drags in the C library's headers. */
#define ARP_HARDWARE_ETHERNET 1
#define ARP_REQUEST 1
#define ARP_REPLY 2

struct arp_ipv4 {
    __be16 hardware;
    __be16 protocol;
    __u8 mac_bytes;
    __u8 ip_bytes;
    __be16 operation;
    __u8 sender_mac[ETH_ALEN];
    __u8 sender_ip[4];
    __u8 target_mac[ETH_ALEN];
    __u8 target_ip[4];
} __attribute__((packed));

static __always_inline bool is_arp_ipv4(const struct arp_ipv4* arp) {
    return arp->hardware == bpf_htons(ARP_HARDWARE_ETHERNET) && arp->protocol == bpf_htons(ETH_P_IP) &&
           arp->mac_bytes == ETH_ALEN && arp->ip_bytes == sizeof(arp->sender_ip);
}

/* Somebody says that a virtual address is at a MAC which is not the virtual one. */
static __always_inline void note_claim(const struct xdp_md* ctx, const struct vrrp_xdp_vr* vr,
                                       const struct arp_ipv4* arp) {
    struct vrrp_xdp_event* event = draft_event();
    __u64 now = bpf_ktime_get_boot_ns();
    struct vrrp_xdp_stamp* stamp;
    __u32 slot = vr->slot;

    count(vr, VRRP_XDP_VR_arp_claims);
    stamp = bpf_map_lookup_elem(&stamps, &slot);
    if (!event || !stamp || now - stamp->claim_ns < CLAIM_REPORT_INTERVAL_NS) return;
    stamp->claim_ns = now;

    event->type = VRRP_XDP_CLAIM;
    event->length = 0;
    __builtin_memcpy(event->source_mac, arp->sender_mac, sizeof(event->source_mac));
    __builtin_memcpy(event->source, arp->sender_ip, sizeof(arp->sender_ip));
    send_event(ctx, event, vr, now);
}

/* Turns the request around where it lies; a VLAN tag stays as it came. */
static __always_inline void make_reply(struct ethhdr* ethernet, struct arp_ipv4* arp,
                                       const struct vrrp_xdp_vr* vr) {
    __u8 virtual_ip[4];

    __builtin_memcpy(ethernet->h_dest, ethernet->h_source, ETH_ALEN);
    __builtin_memcpy(ethernet->h_source, vr->mac, ETH_ALEN);

    arp->operation = bpf_htons(ARP_REPLY);
    __builtin_memcpy(virtual_ip, arp->target_ip, sizeof(virtual_ip));
    __builtin_memcpy(arp->target_mac, arp->sender_mac, ETH_ALEN);
    __builtin_memcpy(arp->target_ip, arp->sender_ip, sizeof(arp->target_ip));
    __builtin_memcpy(arp->sender_mac, vr->mac, ETH_ALEN);
    __builtin_memcpy(arp->sender_ip, virtual_ip, sizeof(arp->sender_ip));
}

static __always_inline int arp_input(const struct xdp_md* ctx, const struct frame* frame) {
    struct arp_ipv4* arp = frame->payload;
    const struct vrrp_xdp_vr* vr;

    if ((void*)(arp + 1) > frame->end || !is_arp_ipv4(arp)) return NOT_OURS;

    vr = find_ipv4(frame->vlan, arp->sender_ip);
    if (vr && !mac_equal(arp->sender_mac, vr->mac)) note_claim(ctx, vr, arp);

    if (arp->operation != bpf_htons(ARP_REQUEST)) return NOT_OURS;
    vr = find_ipv4(frame->vlan, arp->target_ip);
    if (!vr) return NOT_OURS;

    /* Another router of the Virtual Router announces itself; it asks nothing. */
    if (mac_equal(arp->sender_mac, vr->mac)) return XDP_DROP;
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_arp_not_answered);
        return XDP_DROP;
    }
    make_reply(frame->ethernet, arp, vr);
    count(vr, VRRP_XDP_VR_arp_answered);
    return XDP_TX;
}

#endif

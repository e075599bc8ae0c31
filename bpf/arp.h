/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARP for the virtual addresses: the Active Router answers with the virtual MAC, nobody else answers at all
 * (RFC 9568 section 8.1.2). */
#ifndef VRRP_XDP_BPF_ARP_H
#define VRRP_XDP_BPF_ARP_H

#include "events.h"

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

static __always_inline bool is_announcement(const struct arp_ipv4* arp) {
    return *(const __u32*)arp->sender_ip == *(const __u32*)arp->target_ip;
}

static __always_inline int arp_input(const struct xdp_md* ctx, const struct frame* frame) {
    struct arp_ipv4* arp = frame->payload;
    const struct vrrp_xdp_vr* vr;

    if ((void*)(arp + 1) > frame->end || !is_arp_ipv4(arp)) return NOT_OURS;

    vr = find_ipv4(frame->vlan, arp->sender_ip);
    if (vr && !mac_equal(arp->sender_mac, vr->mac) && !is_elsewhere(vr)) {
        count(vr, VRRP_XDP_VR_arp_claims);
        report_claim(ctx, vr, VRRP_XDP_IPV4, arp->sender_ip, arp->sender_mac);
    }

    if (arp->operation != bpf_htons(ARP_REQUEST)) return NOT_OURS;
    vr = find_ipv4(frame->vlan, arp->target_ip);
    if (!vr) return NOT_OURS;

    /* Another router of the Virtual Router announces itself; it asks nothing. The host learns where it is. */
    if (mac_equal(arp->sender_mac, vr->mac)) return XDP_DROP;
    if (is_announcement(arp) && is_elsewhere(vr)) return NOT_OURS;
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_arp_not_answered);
        return XDP_DROP;
    }
    make_reply(frame->ethernet, arp, vr);
    count(vr, VRRP_XDP_VR_arp_answered);
    return XDP_TX;
}

#endif

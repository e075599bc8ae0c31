/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARP for the virtual addresses: the Active Router answers with the virtual MAC, nobody else answers at all
 * (RFC 9568 section 8.1.2). */
#ifndef VRRP_XDP_BPF_ARP_H
#define VRRP_XDP_BPF_ARP_H

#include "events.h"
#include "vrrp_xdp/source_address.h"

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

/* Writes the reply over the request, to the hardware address that it names (RFC 826: "to the (new) target
 * hardware address"), which need not be the frame's; a VLAN tag stays as it came. Whether it could be. */
static __always_inline bool write_reply(const struct frame* frame, const struct arp_ipv4* request,
                                        const struct vrrp_xdp_vr* vr) {
    __u32 offset = offset_of(frame, request);
    struct arp_ipv4 reply = *request;
    __u8 macs[2 * ETH_ALEN];

    remember(frame);
    __builtin_memcpy(macs, request->sender_mac, ETH_ALEN);
    __builtin_memcpy(macs + ETH_ALEN, vr->mac, ETH_ALEN);

    reply.operation = bpf_htons(ARP_REPLY);
    __builtin_memcpy(reply.target_mac, request->sender_mac, sizeof(reply.target_mac));
    __builtin_memcpy(reply.target_ip, request->sender_ip, sizeof(reply.target_ip));
    __builtin_memcpy(reply.sender_mac, vr->mac, sizeof(reply.sender_mac));
    __builtin_memcpy(reply.sender_ip, request->target_ip, sizeof(reply.sender_ip));
    return !store_bytes(frame, 0, macs, sizeof(macs)) && !store_bytes(frame, offset, &reply, sizeof(reply));
}

/* Whether the request comes from a MAC or an address that nobody may have (RFC 1812 sections 3.3.2
 * and 5.3.7): its answer would go to everybody, or to nobody. The address is 0.0.0.0 in a probe (RFC 5227
 * section 1.1). */
static __always_inline bool is_from_nobody(const struct arp_ipv4* arp) {
    bool is_probe = !(arp->sender_ip[0] | arp->sender_ip[1] | arp->sender_ip[2] | arp->sender_ip[3]);

    return is_group_mac(arp->sender_mac) || (!is_probe && vrrp_xdp_forbids_ipv4_source(arp->sender_ip));
}

static __always_inline bool is_announcement(const struct arp_ipv4* arp) {
    return *(const __u32*)arp->sender_ip == *(const __u32*)arp->target_ip;
}

static __always_inline enum verdict arp_input(const struct frame* frame) {
    const struct arp_ipv4* arp = frame->payload;
    const struct vrrp_xdp_vr* vr;

    if ((void*)(arp + 1) > frame->end || !is_arp_ipv4(arp)) return NOT_OURS;

    vr = find_ipv4(frame->vlan, arp->sender_ip);
    if (vr && is_to_us(vr, frame->ethernet->h_dest)) note_arp(vr);
    if (vr && is_to_us(vr, frame->ethernet->h_dest) && !mac_equal(arp->sender_mac, vr->mac) &&
        !is_elsewhere(vr)) {
        count(vr, VRRP_XDP_VR_arp_claims);
        report_claim(frame, vr, VRRP_XDP_IPV4, arp->sender_ip, arp->sender_mac);
    }

    if (arp->operation != bpf_htons(ARP_REQUEST)) return NOT_OURS;
    vr = find_ipv4(frame->vlan, arp->target_ip);
    if (!vr || !is_to_us(vr, frame->ethernet->h_dest)) return NOT_OURS;
    note_arp(vr);

    /* Another router of the Virtual Router announces itself; it asks nothing. The host learns where it is. */
    if (mac_equal(arp->sender_mac, vr->mac)) return DROP;
    if (is_announcement(arp) && is_elsewhere(vr)) return NOT_OURS;
    if (is_from_nobody(arp)) {
        count(vr, VRRP_XDP_VR_arp_invalid);
        return DROP;
    }
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_arp_not_answered);
        return DROP;
    }
    if (!write_reply(frame, arp, vr)) return DROP; /* no memory for a copy */
    count(vr, VRRP_XDP_VR_arp_answered);
    return ANSWER;
}

#endif

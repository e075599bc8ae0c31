/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From bytes to a frame whose Ethernet header and VLAN tags are known to be there. */
#ifndef VRRP_XDP_BPF_PARSE_H
#define VRRP_XDP_BPF_PARSE_H

#include <bpf/bpf_endian.h>

#include "frame.h"

#define VLAN_ID_MASK 0x0fff

/* Tags that are read in a frame, those that name no VLAN among them. */
#define MOST_TAGS 3

/* A length from the wire. Kernels before 6.13 forget the bounds of what they swap; clang would drop the mask
 * that tells them again. */
static __always_inline __u32 length_of(__be16 from_wire) {
    __u32 length = bpf_ntohs(from_wire);

    barrier_var(length);
    return length & 0xffff;
}

struct vlan_header {
    __be16 tci;
    __be16 ethertype;
};

/* A tag as the maps spell it; 0 for a priority tag, which names no VLAN (IEEE 802.1Q section 6.9). */
static __always_inline __u16 vlan_tag(__be16 ethertype, __u16 tci) {
    __u16 id = tci & VLAN_ID_MASK;

    if (!id) return 0;
    return id | (ethertype == bpf_htons(ETH_P_8021AD) ? VRRP_XDP_TAG_8021AD : VRRP_XDP_TAG_8021Q);
}

static __always_inline bool is_vlan(__be16 ethertype) {
    return ethertype == bpf_htons(ETH_P_8021Q) || ethertype == bpf_htons(ETH_P_8021AD);
}

/* False for the third: no Virtual Router is that deep, and the outer two alone would name another VLAN. A
 * priority tag is passed over wherever it stands, as Linux does. */
static __always_inline bool add_tag(struct vrrp_xdp_vlan* vlan, __be16 ethertype, __u16 tci) {
    __u16 tag = vlan_tag(ethertype, tci);

    if (!tag) return true;
    if (vlan->tag[1]) return false;
    if (vlan->tag[0])
        vlan->tag[1] = tag;
    else
        vlan->tag[0] = tag;
    return true;
}

static __always_inline bool parse_tag(struct frame* frame) {
    const struct vlan_header* header = frame->payload;

    if ((void*)(header + 1) > frame->end) return false;
    if (!add_tag(&frame->vlan, frame->ethertype, bpf_ntohs(header->tci))) return false;
    frame->ethertype = header->ethertype;
    frame->payload = (void*)(header + 1);
    return true;
}

/* Fills what the bytes say, behind the tags that are known already. False for a frame that ends inside its
 * Ethernet header or tags, and for one with more tags than are read. */
static __always_inline bool parse_frame(struct frame* frame, void* data, void* data_end) {
    __u32 i;

    frame->ethernet = data;
    frame->payload = frame->ethernet + 1;
    frame->end = data_end;
    if (frame->payload > frame->end) return false;

    frame->ethertype = frame->ethernet->h_proto;
#pragma unroll
    for (i = 0; i < MOST_TAGS; i++) {
        if (!is_vlan(frame->ethertype)) return true;
        if (!parse_tag(frame)) return false;
    }
    return !is_vlan(frame->ethertype);
}

/* Whether it stands for several stations, or for all: the I/G bit of IEEE 802. */
static __always_inline bool is_group_mac(const __u8* mac) { return mac[0] & 1; }

/* Six bytes compared as a word and a half: clang 14 leaves __builtin_memcmp of six as a call. */
static __always_inline bool mac_equal(const __u8* a, const __u8* b) {
    return *(const __u32*)a == *(const __u32*)b && *(const __u16*)(a + 4) == *(const __u16*)(b + 4);
}

/* 00-00-5E-00-01-VRID for IPv4, 00-00-5E-00-02-VRID for IPv6 (RFC 9568 section 7.3); 0 for any other. */
static __always_inline enum vrrp_xdp_family virtual_mac_family(const __u8* mac) {
    if (*(const __be32*)mac != bpf_htonl(0x00005e00)) return 0;
    if (mac[4] == 1) return VRRP_XDP_IPV4;
    return mac[4] == 2 ? VRRP_XDP_IPV6 : 0;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From bytes to a frame whose Ethernet header and VLAN tags are known to be there. */
#ifndef VRRP_XDP_BPF_PARSE_H
#define VRRP_XDP_BPF_PARSE_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <stdbool.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "vrrp_xdp/abi.h"

/* A handler's answer when the frame is none of its business, beside the XDP verdicts. */
#define NOT_OURS (-1)

#define VLAN_ID_MASK 0x0fff

/* A length from the wire. Kernels before 6.13 forget the bounds of what they swap; clang would drop the mask
 * that tells them again. */
static __always_inline __u32 length_of(__be16 from_wire) {
    __u32 length = bpf_ntohs(from_wire);

    barrier_var(length);
    return length & 0xffff;
}

/* Copies length bytes of the frame, if they are from least, which is 8 or more, to most. Each bound is told
 * to the verifier by a comparison of its own on the very register that is handed over: kernels before 6.13
 * follow nothing cleverer. */
static __always_inline bool load_bytes(struct xdp_md* ctx, __u32 offset, void* to, __u64 length, __u64 least,
                                       __u64 most) {
    barrier_var(length);
    if (length < least) return false;
    barrier_var(length);
    if (length > most) return false;
    return !bpf_xdp_load_bytes(ctx, offset, to, length);
}

struct vlan_header {
    __be16 tci;
    __be16 ethertype;
};

struct frame {
    struct ethhdr* ethernet;
    void* payload; /* behind the last VLAN tag that was read */
    void* end;
    struct vrrp_xdp_vlan vlan;
    __be16 ethertype; /* of the payload */
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

static __always_inline bool parse_tag(struct frame* frame, __u16* tag) {
    const struct vlan_header* header = frame->payload;

    if ((void*)(header + 1) > frame->end) return false;
    *tag = vlan_tag(frame->ethertype, bpf_ntohs(header->tci));
    frame->ethertype = header->ethertype;
    frame->payload = (void*)(header + 1);
    return true;
}

/* False for a frame that ends inside its Ethernet header or tags, and for one with a third tag: no Virtual
 * Router is that deep, and the outer two alone would name another VLAN. */
static __always_inline bool parse_frame(struct frame* frame, void* data, void* data_end) {
    frame->ethernet = data;
    frame->payload = frame->ethernet + 1;
    frame->end = data_end;
    frame->vlan = (struct vrrp_xdp_vlan){};
    if (frame->payload > frame->end) return false;

    frame->ethertype = frame->ethernet->h_proto;
    if (!is_vlan(frame->ethertype)) return true;
    if (!parse_tag(frame, &frame->vlan.tag[0])) return false;
    if (!is_vlan(frame->ethertype)) return true;
    return parse_tag(frame, &frame->vlan.tag[1]) && !is_vlan(frame->ethertype);
}

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

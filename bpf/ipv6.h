/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv6 header in a frame, and what it carries behind its extension headers. */
#ifndef VRRP_XDP_BPF_IPV6_H
#define VRRP_XDP_BPF_IPV6_H

#include <linux/ipv6.h>

#include "parse.h"

#define IPV6_HOP_BY_HOP 0
#define IPV6_ROUTING 43
#define IPV6_FRAGMENT 44
#define IPV6_ICMP 58
#define IPV6_DESTINATION_OPTIONS 60

/* A chain longer than this is none that anybody sends before ND or VRRP; it is left to the kernel. */
#define IPV6_MOST_EXTENSIONS 4
#define IPV6_EXTENSION_UNIT 8

/* The fixed header, or NULL. What it says may still be nonsense. */
static __always_inline struct ipv6hdr* ipv6_of(const struct frame* frame) {
    struct ipv6hdr* ip = frame->payload;

    if (frame->ethertype != bpf_htons(ETH_P_IPV6) || (void*)(ip + 1) > frame->end) return NULL;
    return ip;
}

/* What lies behind the extension headers. */
struct ipv6_upper {
    __u32 offset; /* from the start of the frame */
    __u32 length; /* bytes to the end of the packet */
    __u8 protocol;
};

static __always_inline bool is_skipped_extension(__u8 protocol) {
    return protocol == IPV6_HOP_BY_HOP || protocol == IPV6_ROUTING || protocol == IPV6_DESTINATION_OPTIONS;
}

/* False for a packet that is not whole, or whose chain of headers is not. A fragment header ends the chain:
 * nothing is reassembled here. Without extension headers, as nearly always, it costs a comparison. */
static __always_inline bool find_upper_layer(const struct frame* frame, const struct ipv6hdr* ip,
                                             struct ipv6_upper* upper) {
    __u32 i;

    upper->offset = offset_of(frame, ip + 1);
    upper->length = length_of(ip->payload_len);
    upper->protocol = ip->nexthdr;
    if (ip->version != 6 || upper->offset + upper->length > frame->length) return false;

    for (i = 0; i < IPV6_MOST_EXTENSIONS; i++) {
        __u8 header[2]; /* next header, length in units beyond the first */
        __u32 bytes;

        if (!is_skipped_extension(upper->protocol)) break;
        if (read_bytes(frame, upper->offset, header, sizeof(header))) return false;
        bytes = (header[1] + 1) * IPV6_EXTENSION_UNIT;
        if (bytes > upper->length) return false;
        upper->protocol = header[0];
        upper->offset += bytes;
        upper->length -= bytes;
    }
    return true;
}

/* Of the pseudo-header (RFC 8200 section 8.1), unfolded. addresses: source and destination, one behind the
 * other as in the header. */
static __always_inline __u32 ipv6_pseudo_header_sum(const void* addresses, __u32 length, __u8 protocol) {
    const __u16* words = addresses;
    __u32 sum = bpf_htons(length) + bpf_htons(protocol);
    __u32 i;

    for (i = 0; i < 16; i++) sum += words[i];
    return sum;
}

#endif

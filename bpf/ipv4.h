/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An IPv4 header in a frame: the same question asked by the filter, the advertisements and the clsact hook.
 */
#ifndef VRRP_XDP_BPF_IPV4_H
#define VRRP_XDP_BPF_IPV4_H

#include <linux/ip.h>

#include "parse.h"

/* The fixed part of the header, or NULL. What it says may still be nonsense. */
static __always_inline struct iphdr* ipv4_of(const struct frame* frame) {
    struct iphdr* ip = frame->payload;

    if (frame->ethertype != bpf_htons(ETH_P_IP) || (void*)(ip + 1) > frame->end) return NULL;
    return ip;
}

#endif

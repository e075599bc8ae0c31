/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A frame as both programs see it: the XDP program has the bytes that the card received, the clsact program
 * a packet of the kernel's. The hook is a constant wherever these functions are inlined, so that each program
 * holds the calls of its own kind alone. */
#ifndef VRRP_XDP_BPF_FRAME_H
#define VRRP_XDP_BPF_FRAME_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>

#include "vrrp_xdp/abi.h"

/* What becomes of a frame. Each program says it in its hook's words at its end. */
enum verdict {
    NOT_OURS = -1, /* a handler's answer when the frame is none of its business: it is left as it is */
    DROP,
    ACCEPT, /* the host's own, although it was sent to a virtual MAC */
    ANSWER, /* it is the answer now, and goes back where it came from */
};

enum hook { HOOK_XDP, HOOK_CLSACT };

struct frame {
    void* context; /* struct xdp_md, or struct __sk_buff */
    enum hook hook;
    __u32 length;            /* of all of it, from the Ethernet header on */
    struct ethhdr* ethernet; /* to be read only: the clsact program writes by store_bytes() alone */
    void* payload;           /* behind the last VLAN tag that was read */
    void* end;               /* of what can be read through pointers */
    struct vrrp_xdp_vlan vlan;
    __be16 ethertype; /* of the payload */
};

static __always_inline __u32 interface_of(const struct frame* frame) {
    if (frame->hook == HOOK_CLSACT) return ((struct __sk_buff*)frame->context)->ifindex;
    return ((struct xdp_md*)frame->context)->ingress_ifindex;
}

static __always_inline __u32 offset_of(const struct frame* frame, const void* where) {
    return where - (const void*)frame->ethernet;
}

/* The frame's bytes, wherever they lie. 0, or a negative errno. offset: from the Ethernet header. */
static __always_inline long read_bytes(const struct frame* frame, __u32 offset, void* to, __u32 length) {
    if (frame->hook == HOOK_CLSACT) return bpf_skb_load_bytes(frame->context, offset, to, length);
    return bpf_xdp_load_bytes(frame->context, offset, to, length);
}

/* The same, if length is from least, which is 8 or more, to most. Each bound is told to the verifier by a
 * comparison of its own on the very register that is handed over: kernels before 6.13 follow nothing
 * cleverer. */
static __always_inline bool load_bytes(const struct frame* frame, __u32 offset, void* to, __u64 length,
                                       __u64 least, __u64 most) {
    barrier_var(length);
    if (length < least) return false;
    barrier_var(length);
    if (length > most) return false;
    return !read_bytes(frame, offset, to, length);
}

/* 0, or a negative errno. A packet that others hold as well (a tap's) is copied first. The frame's pointers
 * are void from here on. */
static __always_inline long store_bytes(const struct frame* frame, __u32 offset, void* from, __u32 length) {
    if (frame->hook == HOOK_CLSACT) return bpf_skb_store_bytes(frame->context, offset, from, length, 0);
    return bpf_xdp_store_bytes(frame->context, offset, from, length);
}

/* Makes the frame as long as that. 0, or a negative errno. The frame's pointers are void from here on. */
static __always_inline long set_length(const struct frame* frame, __u32 length) {
    int growth;

    if (frame->hook == HOOK_CLSACT)
        return frame->length == length ? 0 : bpf_skb_change_tail(frame->context, length, 0);
    growth = (int)length - (int)bpf_xdp_get_buff_len(frame->context);
    return growth ? bpf_xdp_adjust_tail(frame->context, growth) : 0;
}

#endif

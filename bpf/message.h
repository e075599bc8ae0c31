/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The rules for a message, which user space shares, with the sum over it as a function of its own: the
 * verifier then walks that loop once, and not once for every way that leads to it or away from it. */
#ifndef VRRP_XDP_BPF_MESSAGE_H
#define VRRP_XDP_BPF_MESSAGE_H

#include <linux/types.h>
#include <stddef.h>

#include <bpf/bpf_helpers.h>

#include "vrrp_xdp/abi.h"

/* As many as a function of its own must know to be there. */
struct message_bytes {
    __u8 bytes[VRRP_XDP_MESSAGE_MAX];
};

__u64 sum_message(const struct message_bytes* message, __u32 length);

#define VRRP_XDP_SUM(message, length) sum_message((const struct message_bytes*)(message), length)
#define VRRP_XDP_KEEP_IN_REGISTER(variable) barrier_var(variable)
#include "vrrp_xdp/advertisement.h"

/* Ones' complement sum, unfolded, of a draft's message. length: bytes, a multiple of four. */
__noinline __u64 sum_message(const struct message_bytes* message, __u32 length) {
    return message ? vrrp_xdp_sum(message->bytes, length) : 0;
}

#endif

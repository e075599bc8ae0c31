// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the cost of a frame is measured with: a program that does nothing, and others that send the same frame
 * again and again. */
#include <linux/bpf.h>
#include <linux/if_ether.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "Dual BSD/GPL";

#define FRAME_MAX 128

/* The frame that all of these write, as user space has put it there. */
struct question {
    __u32 length;
    __u8 bytes[FRAME_MAX];
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct question);
} questions SEC(".maps");

/* Where `again` goes. */
struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} measured SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} answers SEC(".maps");

/* Of the kind that the data plane's are. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, 1024);
    __type(key, __u64);
    __type(value, __u64);
} table SEC(".maps");

/* Where ARP is asked. */
const volatile __u32 asked_ifindex = 0;

static __always_inline int write_question(struct xdp_md* ctx) {
    const struct question* question;
    __u32 first = 0;
    __u32 length;

    question = bpf_map_lookup_elem(&questions, &first);
    if (!question) return -1;
    length = question->length;
    barrier_var(length);
    if (length < ETH_HLEN || length > FRAME_MAX) return -1;
    return bpf_xdp_store_bytes(ctx, 0, (void*)question->bytes, length);
}

SEC("xdp.frags")
int empty(struct xdp_md* ctx) {
    (void)ctx;
    return XDP_PASS;
}

/* What most paths are made of: a look at the clock, and one into a hash table. */
SEC("xdp.frags")
int clock(struct xdp_md* ctx) {
    (void)ctx;
    return bpf_ktime_get_boot_ns() ? XDP_PASS : XDP_DROP;
}

SEC("xdp.frags")
int lookup(struct xdp_md* ctx) {
    __u64 key = 0;

    (void)ctx;
    return bpf_map_lookup_elem(&table, &key) ? XDP_PASS : XDP_DROP;
}

/* An answer is written over its question: what is measured many times over needs the question once more. */
SEC("xdp.frags")
int again(struct xdp_md* ctx) {
    if (!write_question(ctx)) bpf_tail_call(ctx, &measured, 0);
    return XDP_ABORTED;
}

static __always_inline int ask(struct xdp_md* ctx) {
    return write_question(ctx) ? XDP_ABORTED : bpf_redirect(asked_ifindex, 0);
}

SEC("xdp")
int ask_first(struct xdp_md* ctx) { return ask(ctx); }

/* Takes an ARP reply off the wire, counts it, and turns it into the next question. Not by XDP_TX, which a
 * veth delivers only to an end that runs XDP. */
SEC("xdp")
int ask_again(struct xdp_md* ctx) {
    const struct ethhdr* ethernet = (void*)(long)ctx->data;
    const __be16* operation = (void*)(ethernet + 1) + 6;
    __u32 first = 0;
    __u64* count;

    if ((void*)(operation + 1) > (void*)(long)ctx->data_end || ethernet->h_proto != bpf_htons(ETH_P_ARP) ||
        *operation != bpf_htons(2))
        return XDP_PASS;
    count = bpf_map_lookup_elem(&answers, &first);
    if (count) ++*count;
    return ask(ctx);
}

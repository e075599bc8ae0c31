// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What runs in the kernel. Frames come in by one of two programs of the same meaning, by XDP or by clsact;
 * the others are clsact's beside it. */
#include "advertisement.h"
#include "arp.h"
#include "capture_sent.h"
#include "clsact.h"
#include "ndisc.h"
#include "virtual_mac.h"

char _license[] SEC("license") = "Dual BSD/GPL";

static __always_inline enum verdict ipv4_input(const struct frame* frame) {
    const struct iphdr* ip = ipv4_of(frame);
    struct envelope envelope;

    return ip && open_ipv4(frame, ip, &envelope) ? consume_advertisement(frame, &envelope) : NOT_OURS;
}

static __always_inline enum verdict ipv6_input(const struct frame* frame) {
    const struct ipv6hdr* ip = ipv6_of(frame);
    struct envelope envelope;
    struct ipv6_upper upper;

    if (!ip || !find_upper_layer(frame, ip, &upper)) return NOT_OURS;
    if (upper.protocol == IPV6_ICMP) return ndisc_input(frame, ip, &upper);
    return open_ipv6(frame, ip, &upper, &envelope) ? consume_advertisement(frame, &envelope) : NOT_OURS;
}

/* Bytes in, one verdict out: first what asks or tells us something, whatever MAC it is sent to, then what is
 * to be forwarded. Everything that concerns no Virtual Router of ours leaves untouched, and fast. */
static __always_inline enum verdict judge_frame(const struct frame* frame) {
    enum verdict verdict = NOT_OURS;

    if (frame->ethertype == bpf_htons(ETH_P_IP))
        verdict = ipv4_input(frame);
    else if (frame->ethertype == bpf_htons(ETH_P_IPV6))
        verdict = ipv6_input(frame);
    else if (frame->ethertype == bpf_htons(ETH_P_ARP))
        verdict = arp_input(frame);
    return verdict == NOT_OURS ? virtual_mac_input(frame) : verdict;
}

/* The controller sets it to 0 and looks whether it is 1 later: there are drivers that run no program that
 * they have. Read far more often than written, so that the processors share it. */
__u32 has_run;

static __always_inline void tell_that_it_runs(void) {
    if (!has_run) has_run = 1;
    /* Else clang 14 keeps a copy of the frame's bounds in half a register over the branch. */
    asm volatile("" ::: "memory");
}

SEC("xdp.frags")
int vrrp_xdp(struct xdp_md* ctx) {
    tell_that_it_runs();
    struct frame frame = {.context = ctx, .hook = HOOK_XDP, .length = ctx->data_end - ctx->data};
    enum verdict verdict;

    if (!parse_frame(&frame, (void*)(long)ctx->data, (void*)(long)ctx->data_end)) return XDP_PASS;
    begin_note();
    verdict = judge_frame(&frame);
    observe_received(&frame, verdict);
    switch (verdict) {
        case DROP:
            return XDP_DROP;
        case ANSWER:
            return XDP_TX;
        default:
            return XDP_PASS;
    }
}

/* In place of the XDP program. */
SEC("tc")
int vrrp_clsact(struct __sk_buff* skb) {
    enum verdict verdict;
    struct frame frame;

    if (!parse_received(&frame, skb)) return TC_ACT_UNSPEC;
    begin_note();
    verdict = judge_frame(&frame);
    observe_received(&frame, verdict);
    return clsact_action(skb, verdict);
}

/* Behind the XDP program. */
SEC("tc")
int vrrp_ingress(struct __sk_buff* skb) { return mark_as_own(skb); }

SEC("tc")
int vrrp_egress(struct __sk_buff* skb) {
    int action;

    begin_note();
    action = send_from_virtual_mac(skb);
    observe_sent(skb, action);
    return action;
}

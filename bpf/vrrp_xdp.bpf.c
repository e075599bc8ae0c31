// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What runs in the kernel: one XDP program on the way in, and a clsact hook for the two things that XDP
 * cannot do. */
#include "advertisement.h"
#include "arp.h"
#include "clsact.h"
#include "ndisc.h"
#include "virtual_mac.h"

char _license[] SEC("license") = "Dual BSD/GPL";

static __always_inline int ipv4_input(struct xdp_md* ctx, const struct frame* frame) {
    const struct iphdr* ip = ipv4_of(frame);
    struct envelope envelope;

    return ip && open_ipv4(ctx, frame, ip, &envelope) ? consume_advertisement(ctx, frame, &envelope)
                                                      : NOT_OURS;
}

static __always_inline int ipv6_input(struct xdp_md* ctx, const struct frame* frame) {
    const struct ipv6hdr* ip = ipv6_of(frame);
    struct envelope envelope;
    struct ipv6_upper upper;

    if (!ip || !find_upper_layer(ctx, frame, ip, &upper)) return NOT_OURS;
    if (upper.protocol == IPV6_ICMP) return ndisc_input(ctx, frame, ip, &upper);
    return open_ipv6(ctx, ip, &upper, &envelope) ? consume_advertisement(ctx, frame, &envelope) : NOT_OURS;
}

/* Bytes in, one verdict out: first what asks or tells us something, whatever MAC it is sent to, then what is
 * to be forwarded. Everything that concerns no Virtual Router of ours leaves untouched, and fast. */
static __always_inline int verdict(struct xdp_md* ctx, const struct frame* frame) {
    int answer = NOT_OURS;

    if (frame->ethertype == bpf_htons(ETH_P_IP))
        answer = ipv4_input(ctx, frame);
    else if (frame->ethertype == bpf_htons(ETH_P_IPV6))
        answer = ipv6_input(ctx, frame);
    else if (frame->ethertype == bpf_htons(ETH_P_ARP))
        answer = arp_input(ctx, frame);
    return answer == NOT_OURS ? virtual_mac_input(ctx, frame) : answer;
}

SEC("xdp.frags")
int vrrp_xdp(struct xdp_md* ctx) {
    struct frame frame;
    int answer;

    if (!parse_frame(&frame, (void*)(long)ctx->data, (void*)(long)ctx->data_end)) return XDP_PASS;
    answer = verdict(ctx, &frame);
    return answer == NOT_OURS ? XDP_PASS : answer;
}

SEC("tc")
int vrrp_ingress(struct __sk_buff* skb) { return mark_as_own(skb); }

SEC("tc")
int vrrp_egress(struct __sk_buff* skb) { return send_from_virtual_mac(skb); }

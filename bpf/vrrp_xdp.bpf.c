// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What runs in the kernel: one XDP program on the way in, and a clsact hook for the two things that XDP
 * cannot do. */
#include "advertisement.h"
#include "arp.h"
#include "clsact.h"
#include "virtual_mac.h"

char _license[] SEC("license") = "Dual BSD/GPL";

/* Bytes in, one verdict out. Everything that concerns no Virtual Router of ours leaves untouched, first and
 * fast. */
static __always_inline int verdict(struct xdp_md* ctx, const struct frame* frame) {
    const struct iphdr* ip = ipv4_of(frame);

    if (frame->ethertype == bpf_htons(ETH_P_ARP)) {
        int answer = arp_input(ctx, frame);

        if (answer != NOT_OURS) return answer;
    }
    if (is_ipv4_virtual_mac(frame->ethernet->h_dest)) return virtual_mac_input(frame, ip);
    if (ip) return advertisement_input(ctx, frame, ip);
    return NOT_OURS;
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

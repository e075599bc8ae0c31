/* SPDX-License-Identifier: BSD-2-Clause */
/* Loses as many frames of a kind as `to_lose` says, and passes all others: at a switch's port, as clsact
 * filter in either direction. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define VRRP 112

enum { VRRP_OF_IPV4, VRRP_OF_IPV6, KINDS };

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, KINDS);
    __type(key, __u32);
    __type(value, __u32);
} to_lose SEC(".maps");

static __always_inline __u32 kind_of(struct __sk_buff* skb) {
    __u8 protocol = 0;

    if (skb->protocol == bpf_htons(ETH_P_IP)) {
        if (bpf_skb_load_bytes(skb, ETH_HLEN + __builtin_offsetof(struct iphdr, protocol), &protocol, 1))
            return KINDS;
        return protocol == VRRP ? VRRP_OF_IPV4 : KINDS;
    }
    if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
        if (bpf_skb_load_bytes(skb, ETH_HLEN + __builtin_offsetof(struct ipv6hdr, nexthdr), &protocol, 1))
            return KINDS;
        return protocol == VRRP ? VRRP_OF_IPV6 : KINDS;
    }
    return KINDS;
}

SEC("tc")
int lose_frames(struct __sk_buff* skb) {
    __u32 kind = kind_of(skb);
    __u32* left;

    if (kind >= KINDS) return TC_ACT_OK;
    left = bpf_map_lookup_elem(&to_lose, &kind);
    /* A port's frames come one after another. */
    if (!left || !*left) return TC_ACT_OK;
    --*left;
    return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";

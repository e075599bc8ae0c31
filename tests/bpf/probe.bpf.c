// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the tests hang before and behind the clsact programs, to bring about and to see what a frame in user
 * space does not show. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <stddef.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char _license[] SEC("license") = "Dual BSD/GPL";

/* The type of the last frame to a virtual MAC, and whether the kernel had taken a tag out of it. */
__u32 seen_pkt_type;
__u32 seen_vlan_present;
__u32 frames_seen;

SEC("tc")
int observe(struct __sk_buff* skb) {
    const struct ethhdr* ethernet = (void*)(long)skb->data;

    if ((void*)(ethernet + 1) > (void*)(long)skb->data_end || ethernet->h_dest[2] != 0x5e)
        return TC_ACT_UNSPEC;
    seen_pkt_type = skb->pkt_type;
    seen_vlan_present = skb->vlan_present;
    frames_seen++;
    return TC_ACT_UNSPEC;
}

/* As a VLAN device does: the tag is beside the frame, not in it. */
__u16 tag_protocol = ETH_P_8021Q;
__u16 tag_id = 20;

SEC("tc")
int push_tag(struct __sk_buff* skb) {
    bpf_skb_vlan_push(skb, bpf_htons(tag_protocol), tag_id);
    return TC_ACT_UNSPEC;
}

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} next SEC(".maps");

/* As the kernel does before the clsact hook: it takes the outer tag out of the frame and lays it beside it.
 * A frame that ends inside the tag gets no further. */
SEC("tc")
int untag(struct __sk_buff* skb) {
    struct {
        __be16 protocol;
        __be16 tci;
    } tag;

    if (bpf_skb_load_bytes(skb, offsetof(struct ethhdr, h_proto), &tag, sizeof(tag))) return TC_ACT_UNSPEC;
    if (tag.protocol == bpf_htons(ETH_P_8021Q) || tag.protocol == bpf_htons(ETH_P_8021AD))
        if (bpf_skb_vlan_pop(skb) || bpf_skb_vlan_push(skb, tag.protocol, bpf_ntohs(tag.tci)))
            return TC_ACT_UNSPEC;
    bpf_tail_call(skb, &next, 0);
    return TC_ACT_UNSPEC;
}

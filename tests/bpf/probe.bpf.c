// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the tests hang before and behind the clsact programs, to bring about and to see what a frame in user
 * space does not show. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>

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

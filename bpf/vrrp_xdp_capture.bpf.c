// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The programs once more, which report what they do with each frame beside doing it. They stand in for the
 * plain ones while somebody captures. */
#define VRRP_XDP_CAPTURE
#define vrrp_xdp capture_xdp
#define vrrp_clsact capture_clsact
#define vrrp_egress capture_egress
#include "vrrp_xdp.bpf.c"

/* Where nothing that the host sends has to be changed, and so no plain program is. */
SEC("tc")
int capture_sent(struct __sk_buff* skb) {
    begin_note();
    observe_sent(skb, TC_ACT_UNSPEC);
    return TC_ACT_UNSPEC;
}

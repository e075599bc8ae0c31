/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The source addresses that nobody may send from: what claims to come from there is forged, or is a mistake,
 * and is never answered or followed. */
#ifndef VRRP_XDP_SOURCE_ADDRESS_H
#define VRRP_XDP_SOURCE_ADDRESS_H

#include <linux/types.h>

/* Whether it is of "this network" (0/8), of the loopback (127/8), multicast (224/4) or the limited broadcast
 * (RFC 1122 section 3.2.1.3, RFC 1812 section 5.3.7). The rest of 240/4 is reserved and not forbidden. */
static __inline __attribute__((always_inline)) int vrrp_xdp_forbids_ipv4_source(const __u8* address) {
    return address[0] == 0 || address[0] == 127 || (address[0] & 0xf0) == 224 ||
           (address[0] & address[1] & address[2] & address[3]) == 0xff;
}

/* Whether it is multicast, the unspecified address or the loopback's (RFC 4291 sections 2.5.2, 2.5.3, 2.7).
 */
static __inline __attribute__((always_inline)) int vrrp_xdp_forbids_ipv6_source(const __u8* address) {
    __u8 others = 0;
    int i;

    if (address[0] == 0xff) return 1;
    for (i = 0; i < 15; i++) others |= address[i];
    return others == 0 && address[15] <= 1;
}

#endif

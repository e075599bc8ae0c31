/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel's routing tables say of a packet: whether it has arrived here, or is only on its way
 * through. */
#ifndef VRRP_XDP_BPF_FIB_H
#define VRRP_XDP_BPF_FIB_H

#include "maps.h"

/* As AF_INET and AF_INET6: <sys/socket.h> drags in the C library's headers. */
#define FIB_IPV4 2
#define FIB_IPV6 10

/* Whether the kernel would deliver it to this host rather than forward it. A host that forwards nothing gets
 * no others; nor is link-local IPv6 ever forwarded. The tables are those of the Virtual Router's interface:
 * in a VLAN that is in a VRF, they are not those of the port. source, destination: 4 bytes, or 16 of IPv6. */
static __always_inline bool is_for_this_host(const struct frame* frame, const struct vrrp_xdp_vr* vr,
                                             enum vrrp_xdp_family family, const void* source,
                                             const void* destination) {
    struct bpf_fib_lookup way = {.ifindex = vr->ifindex};
    long answer;

    if (family == VRRP_XDP_IPV4) {
        way.family = FIB_IPV4;
        __builtin_memcpy(&way.ipv4_src, source, sizeof(way.ipv4_src));
        __builtin_memcpy(&way.ipv4_dst, destination, sizeof(way.ipv4_dst));
    } else {
        way.family = FIB_IPV6;
        __builtin_memcpy(way.ipv6_src, source, sizeof(way.ipv6_src));
        __builtin_memcpy(way.ipv6_dst, destination, sizeof(way.ipv6_dst));
    }
    answer = bpf_fib_lookup(frame->context, &way, sizeof(way), 0);
    return answer == BPF_FIB_LKUP_RET_NOT_FWDED || answer == BPF_FIB_LKUP_RET_FWD_DISABLED;
}

#endif

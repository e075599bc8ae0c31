/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A part of the contract in abi.h: what a device lets in because we asked it to. */
#ifndef VRRP_XDP_FILTER_ENTRIES_H
#define VRRP_XDP_FILTER_ENTRIES_H

#include "vrrp_xdp/abi.h"

#define VRRP_XDP_PIN_FILTER_ENTRIES "filter_entries"

/* map filter_entries, a hash: the MACs whose entries on a device are ours, so that they can be taken away
 * again whoever has died. They are the device's own and not a socket's, for what comes in between two
 * instances. */
#define VRRP_XDP_MAX_FILTER_ENTRIES 4096u
struct vrrp_xdp_filter_key {
    __u8 mac[6];
    __u16 vlan_id; /* of an entry of a bridge that knows VLANs; else 0 */
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_filter_key) == 8);
struct vrrp_xdp_filter_entry {
    __u32 ifindex; /* of the device that has the entry */
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_filter_entry) == 4);

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* VRRP advertisements: judged here, so that junk costs the controller nothing; valid ones for a VRID of ours
 * are taken off the wire before any firewall sees them. */
#ifndef VRRP_XDP_BPF_ADVERTISEMENT_H
#define VRRP_XDP_BPF_ADVERTISEMENT_H

#include "events.h"
#include "ipv4.h"
#include "vrrp_xdp/advertisement.h"

#define ALL_VRRP 0xe0000012 /* 224.0.0.18, RFC 9568 section 5.1.1.2 */

#define IPV4_HEADER_MAX 60
#define IPV4_FRAGMENT_MASK 0x3fff /* more fragments, or an offset */

/* A header that IP itself would take (RFC 1122 section 3.2.1, RFC 1812 section 5.2.2), with all of its packet
 * in the frame. offset: of the header in the frame. header_bytes: what its ihl says. */
static __always_inline bool is_whole_ipv4(struct xdp_md* ctx, const struct iphdr* ip, const void* end,
                                          __u32 offset, __u32 header_bytes) {
    __be32 header[IPV4_HEADER_MAX / sizeof(__be32)] = {};
    __u32 total = bpf_ntohs(ip->tot_len);

    if (ip->version != 4 || header_bytes < sizeof(*ip) || header_bytes > sizeof(header) ||
        total < header_bytes)
        return false;
    if ((const void*)ip + total > end) return false;
    if (bpf_xdp_load_bytes(ctx, offset, header, header_bytes)) return false;
    return vrrp_xdp_fold(bpf_csum_diff(NULL, 0, header, sizeof(header), 0)) == 0xffff;
}

static __always_inline __u32 ipv4_pseudo_header_sum(const struct iphdr* ip, __u32 length) {
    return (ip->saddr & 0xffff) + (ip->saddr >> 16) + (ip->daddr & 0xffff) + (ip->daddr >> 16) +
           bpf_htons(VRRP_XDP_IP_PROTOCOL) + bpf_htons(length);
}

static __always_inline void hand_over(const struct xdp_md* ctx, const struct frame* frame,
                                      const struct iphdr* ip, const struct vrrp_xdp_vr* vr,
                                      struct vrrp_xdp_event* event) {
    __u64 now = bpf_ktime_get_boot_ns();
    struct vrrp_xdp_stamp* stamp;
    __u32 slot = vr->slot;

    count(vr, VRRP_XDP_VR_advertisement_rcvd);
    stamp = bpf_map_lookup_elem(&stamps, &slot);
    if (stamp) stamp->advertisement_ns = now;

    event->type = VRRP_XDP_ADVERTISEMENT;
    __builtin_memcpy(event->source_mac, frame->ethernet->h_source, sizeof(event->source_mac));
    __builtin_memcpy(event->source, &ip->saddr, sizeof(ip->saddr));
    send_event(ctx, event, vr, now);
}

/* The rejections of a VRID that is not ours: what came before that rule, or that it is not ours. */
static __always_inline void count_foreign(int judgement) {
    bool earlier = judgement != VRRP_XDP_VALID && judgement < VRRP_XDP_VR_vrid_errors;

    count_on_port(earlier ? judgement : VRRP_XDP_VR_vrid_errors);
}

/* Consumes the advertisements of our Virtual Routers, good and bad. What is no whole IPv4 packet is left to
 * the kernel, and so are other people's VRIDs: another VRRP daemon may live here. */
static __always_inline int advertisement_input(struct xdp_md* ctx, const struct frame* frame,
                                               const struct iphdr* ip) {
    __u32 offset = (void*)ip - (void*)frame->ethernet;
    const struct vrrp_xdp_header* message;
    const struct vrrp_xdp_vr* vr = NULL;
    struct vrrp_xdp_event* event;
    struct vrrp_xdp_packet packet;
    __u32 header_bytes, length;
    int judgement;

    if (ip->protocol != VRRP_XDP_IP_PROTOCOL || ip->daddr != bpf_htonl(ALL_VRRP)) return NOT_OURS;
    header_bytes = ip->ihl * 4;
    if (!is_whole_ipv4(ctx, ip, frame->end, offset, header_bytes)) return NOT_OURS;
    if (ip->frag_off & bpf_htons(IPV4_FRAGMENT_MASK)) {
        count_on_port(VRRP_XDP_PORT_fragments);
        return NOT_OURS;
    }

    event = draft_event();
    if (!event) return NOT_OURS;
    message = (const void*)event->message;
    packet.length = bpf_ntohs(ip->tot_len) - header_bytes;
    packet.pseudo_header_sum = ipv4_pseudo_header_sum(ip, packet.length);
    packet.ttl = ip->ttl;
    packet.family = VRRP_XDP_IPV4;
    packet.versions = VRRP_XDP_VERSION_BIT(2) | VRRP_XDP_VERSION_BIT(3);

    length = packet.length;
    if (length >= sizeof(*message)) {
        if (length > VRRP_XDP_MESSAGE_MAX) length = VRRP_XDP_MESSAGE_MAX;
        if (bpf_xdp_load_bytes(ctx, offset + header_bytes, event->message, length)) return NOT_OURS;
        event->length = length;
        vr = find_virtual_router(frame->vlan, message->vrid, VRRP_XDP_IPV4);
    }
    if (vr) packet.versions = vr->versions;

    judgement = vrrp_xdp_judge(message, &packet);
    if (!vr) {
        count_foreign(judgement);
        return NOT_OURS;
    }
    if (judgement == VRRP_XDP_VALID)
        hand_over(ctx, frame, ip, vr, event);
    else
        count(vr, judgement);
    return XDP_DROP;
}

#endif

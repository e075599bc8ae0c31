/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* VRRP advertisements: judged here, so that junk costs the controller nothing; valid ones for a VRID of ours
 * are taken off the wire before any firewall sees them. */
#ifndef VRRP_XDP_BPF_ADVERTISEMENT_H
#define VRRP_XDP_BPF_ADVERTISEMENT_H

#include "events.h"
#include "fib.h"
#include "gaps.h"
#include "ipv4.h"
#include "ipv6.h"
#include "message.h"

#define ALL_VRRP 0xe0000012 /* 224.0.0.18, RFC 9568 section 5.1.1.2 */
#define IPV4_HEADER_MAX 60
#define IPV4_FRAGMENT_MASK 0x3fff /* more fragments, or an offset */

/* The IP packet around a message, of either family. */
struct envelope {
    struct vrrp_xdp_packet packet; /* its versions are those that the family has */
    __u32 offset;                  /* of the message, from the start of the frame */
    __u8 source[16];               /* IPv4 in the first four bytes */
    __u8 destination[16];
    bool is_multicast; /* to the group of all VRRP routers */
};

/* A header that IP itself would take (RFC 1122 section 3.2.1, RFC 1812 section 5.2.2), with all of its packet
 * in the frame. offset: of the header in the frame. header_bytes: what its ihl says. */
static __always_inline bool is_whole_ipv4(const struct frame* frame, const struct iphdr* ip, __u32 offset,
                                          __u32 header_bytes) {
    __be32 header[IPV4_HEADER_MAX / sizeof(__be32)] = {};
    __u32 total = length_of(ip->tot_len);

    if (ip->version != 4 || total < header_bytes) return false;
    if (offset + total > frame->length) return false;
    if (!load_bytes(frame, offset, header, header_bytes, sizeof(*ip), sizeof(header))) return false;
    return vrrp_xdp_fold(bpf_csum_diff(NULL, 0, header, sizeof(header), 0)) == 0xffff;
}

static __always_inline __u32 ipv4_pseudo_header_sum(const struct iphdr* ip, __u32 length) {
    return (ip->saddr & 0xffff) + (ip->saddr >> 16) + (ip->daddr & 0xffff) + (ip->daddr >> 16) +
           bpf_htons(VRRP_XDP_IP_PROTOCOL) + bpf_htons(length);
}

/* Whether the frame holds a whole VRRP packet; if so, what is around its message. */
static __always_inline bool open_ipv4(const struct frame* frame, const struct iphdr* ip,
                                      struct envelope* envelope) {
    __u32 offset = offset_of(frame, ip);
    __u32 header_bytes = ip->ihl * 4;

    if (ip->protocol != VRRP_XDP_IP_PROTOCOL) return false;
    envelope->is_multicast = ip->daddr == bpf_htonl(ALL_VRRP);
    if (!is_whole_ipv4(frame, ip, offset, header_bytes)) return false;
    if (ip->frag_off & bpf_htons(IPV4_FRAGMENT_MASK)) {
        if (envelope->is_multicast) count_on_port(VRRP_XDP_PORT_fragments);
        return false;
    }
    envelope->packet.length = length_of(ip->tot_len) - header_bytes;
    envelope->packet.pseudo_header_sum = ipv4_pseudo_header_sum(ip, envelope->packet.length);
    envelope->packet.ttl = ip->ttl;
    envelope->packet.minimum_ttl = 255;
    envelope->packet.family = VRRP_XDP_IPV4;
    envelope->packet.versions = VRRP_XDP_VERSION_BIT(2) | VRRP_XDP_VERSION_BIT(3);
    envelope->offset = offset + header_bytes;
    __builtin_memset(envelope->source, 0, sizeof(envelope->source));
    __builtin_memcpy(envelope->source, &ip->saddr, sizeof(ip->saddr));
    __builtin_memset(envelope->destination, 0, sizeof(envelope->destination));
    __builtin_memcpy(envelope->destination, &ip->daddr, sizeof(ip->daddr));
    return true;
}

/* ff02::12, RFC 9568 section 5.1.2.2 */
static __always_inline bool is_all_vrrp_ipv6(const struct in6_addr* address) {
    return address->s6_addr32[0] == bpf_htonl(0xff020000) && !address->s6_addr32[1] &&
           !address->s6_addr32[2] && address->s6_addr32[3] == bpf_htonl(0x12);
}

static __always_inline bool is_ipv6_fragment(const struct frame* frame, const struct ipv6_upper* upper) {
    __u8 next = 0;

    return upper->protocol == IPV6_FRAGMENT && !read_bytes(frame, upper->offset, &next, sizeof(next)) &&
           next == VRRP_XDP_IP_PROTOCOL;
}

static __always_inline bool open_ipv6(const struct frame* frame, const struct ipv6hdr* ip,
                                      const struct ipv6_upper* upper, struct envelope* envelope) {
    envelope->is_multicast = is_all_vrrp_ipv6(&ip->daddr);
    if (envelope->is_multicast && is_ipv6_fragment(frame, upper)) count_on_port(VRRP_XDP_PORT_fragments);
    if (upper->protocol != VRRP_XDP_IP_PROTOCOL) return false;
    envelope->packet.length = upper->length;
    envelope->packet.pseudo_header_sum =
        ipv6_pseudo_header_sum(&ip->saddr, upper->length, VRRP_XDP_IP_PROTOCOL);
    envelope->packet.ttl = ip->hop_limit;
    envelope->packet.minimum_ttl = 255;
    envelope->packet.family = VRRP_XDP_IPV6;
    envelope->packet.versions = VRRP_XDP_VERSION_BIT(3);
    envelope->offset = upper->offset;
    __builtin_memcpy(envelope->source, &ip->saddr, sizeof(ip->saddr));
    __builtin_memcpy(envelope->destination, &ip->daddr, sizeof(ip->daddr));
    return true;
}

/* Whether a packet that is not multicast is for this host, and not only on its way through. */
static __always_inline bool is_for_host(const struct frame* frame, const struct vrrp_xdp_vr* vr,
                                        const struct envelope* envelope) {
    enum vrrp_xdp_family family = envelope->packet.family;

    return is_for_this_host(frame, vr, family, envelope->source, envelope->destination);
}

static __always_inline bool is_forbidden_source(const struct envelope* envelope) {
    return envelope->packet.family == VRRP_XDP_IPV4 ? vrrp_xdp_forbids_ipv4_source(envelope->source)
                                                    : vrrp_xdp_forbids_ipv6_source(envelope->source);
}

/* The rejections of a VRID that is not ours: what came before that rule, or that it is not ours. */
static __always_inline void count_foreign(int judgement) {
    bool earlier = judgement != VRRP_XDP_VALID && judgement < VRRP_XDP_VR_vrid_errors;

    count_on_port(earlier ? judgement : VRRP_XDP_VR_vrid_errors);
}

/* A function of its own, not inlined, so that the verifier walks the long sum in it once and not once for
 * every way that leads here. The message is the draft's. */
__noinline int judge_draft(const struct vrrp_xdp_event* draft, const struct vrrp_xdp_packet* packet) {
    if (!draft || !packet) return VRRP_XDP_VR_packet_length_errors;
    return vrrp_xdp_judge(draft->message, packet);
}

/* The same reason. */
__noinline __u64 digest_draft(const struct vrrp_xdp_event* draft) {
    return draft ? vrrp_xdp_digest(draft->source, draft->message, draft->length, draft->election.family) : 0;
}

/* The same reason: an enum vrrp_xdp_trailer. */
__noinline int trailer_of_draft(const struct vrrp_xdp_event* draft) {
    return draft ? vrrp_xdp_trailer_of(draft->message, draft->length, draft->election.family)
                 : VRRP_XDP_NO_TRAILER;
}

/* Of a valid one. */
static __always_inline void count_advertisement(const struct vrrp_xdp_vr* vr,
                                                const struct vrrp_xdp_event* event) {
    int trailer = trailer_of_draft(event);

    count(vr, VRRP_XDP_VR_advertisement_rcvd);
    if (trailer == VRRP_XDP_SIGNATURE) count(vr, VRRP_XDP_VR_signed_rcvd);
    if (trailer == VRRP_XDP_OTHER_TRAILER) count(vr, VRRP_XDP_VR_trailing_bytes);
}

/* Whether its sender is Active, and not about to leave (RFC 9568 section 5.2.4). */
static __always_inline bool is_active_elsewhere(const struct vrrp_xdp_event* event) {
    const struct vrrp_xdp_header* message = (const void*)event->message;

    return message->priority;
}

/* The controller's word on who is better; above every priority where there is none. */
static __always_inline __u64 better_from(__u32 slot) {
    const struct vrrp_xdp_expected* wanted = bpf_map_lookup_elem(&expected, &slot);

    return wanted ? *(const volatile __u64*)&wanted->better_from : 256;
}

/* An election can be moved by a farewell and by a router that is at least as good; anything else at most
 * makes an Active Router speak (RFC 9568 section 6.4). */
static __always_inline __u32 urgency_of(const struct vrrp_xdp_event* event, __u64 better) {
    const struct vrrp_xdp_header* message = (const void*)event->message;

    if (!message->priority) return VRRP_XDP_FAREWELL;
    return message->priority >= better ? VRRP_XDP_BETTER : VRRP_XDP_WORSE;
}

/* When a rival's word counts from. A better router is yielded to at once (RFC 9568 section 6.4.3), in the
 * firm part of a lease as well. With the same priority the addresses decide, which is the controller's
 * business. */
static __always_inline __u64 rival_time(const struct vrrp_xdp_event* event, __u32 slot, __u64 better,
                                        __u64 now) {
    const struct vrrp_xdp_header* message = (const void*)event->message;
    const struct vrrp_xdp_lease* lease;
    __u64 firm_ns;

    if (message->priority <= better) return now;
    lease = bpf_map_lookup_elem(&leases, &slot);
    if (!lease) return now;
    firm_ns = *(const volatile __u64*)&lease->firm_ns;
    return firm_ns >= now ? firm_ns + 1 : now;
}

static __always_inline void hand_over(const struct frame* frame, const struct envelope* envelope,
                                      const struct vrrp_xdp_vr* vr, struct vrrp_xdp_event* event) {
    __u64 now = bpf_ktime_get_boot_ns();
    struct vrrp_xdp_stamp* stamp;
    __u32 slot = vr->slot;
    __u64 better;

    count_advertisement(vr, event);
    stamp = bpf_map_lookup_elem(&stamps, &slot);
    better = better_from(slot);
    if (stamp && is_active_elsewhere(event)) stamp->rival_ns = rival_time(event, slot, better, now);
    if (!stamp || !is_within_rate(stamp, urgency_of(event, better), now)) {
        count(vr, VRRP_XDP_VR_events_limited);
        return;
    }
    event->type = VRRP_XDP_ADVERTISEMENT;
    __builtin_memcpy(event->source_mac, frame->ethernet->h_source, sizeof(event->source_mac));
    __builtin_memcpy(event->destination, envelope->destination, sizeof(event->destination));
    send_event(frame, event, vr, now);
}

/* Whether it is the advertisement that the controller follows once more; it was judged when it came first. If
 * so, all that it means is that the Active Router lives. */
static __always_inline bool is_steady_state(const struct vrrp_xdp_vr* vr,
                                            const struct vrrp_xdp_event* event) {
    const struct vrrp_xdp_expected* wanted;
    struct vrrp_xdp_stamp* stamp;
    __u32 slot = vr->slot;
    __u64 digest;
    __u64 now;

    wanted = bpf_map_lookup_elem(&expected, &slot);
    stamp = bpf_map_lookup_elem(&stamps, &slot);
    if (!wanted || !stamp) return false;
    digest = *(const volatile __u64*)&wanted->digest;
    if (!digest || digest != digest_draft(event)) return false;

    now = bpf_ktime_get_boot_ns();
    note_gap(slot, wanted, stamp->advertisement_ns, now);
    stamp->advertisement_ns = now;
    stamp->rival_ns = now;
    count_advertisement(vr, event);
    if (wanted->differences & VRRP_XDP_OTHER_INTERVAL) count(vr, VRRP_XDP_VR_interval_errors);
    if (wanted->differences & VRRP_XDP_OTHER_ADDRESSES) count(vr, VRRP_XDP_VR_address_list_errors);
    return true;
}

/* Consumes the advertisements of our Virtual Routers, good and bad. What is not a whole packet is left to the
 * kernel before this, and so are other people's VRIDs here: another VRRP daemon may live on this host. */
static __always_inline enum verdict consume_advertisement(const struct frame* frame,
                                                          struct envelope* envelope) {
    __u32 length = envelope->packet.length;
    const struct vrrp_xdp_header* message;
    const struct vrrp_xdp_vr* vr = NULL;
    struct vrrp_xdp_event* event;
    int judgement;

    envelope->packet.authentication_type = VRRP_XDP_NO_AUTHENTICATION;
    envelope->packet.forbidden_source = is_forbidden_source(envelope);
    envelope->packet.refuses_signed = false;
    envelope->packet.zero = 0;
    __builtin_memset(envelope->packet.authentication, 0, sizeof(envelope->packet.authentication));
    note_advertisement(0, envelope->packet.family);
    event = draft_event();
    if (!event) return NOT_OURS;
    message = (const void*)event->message;
    if (length >= sizeof(*message)) {
        if (length > VRRP_XDP_MESSAGE_MAX) length = VRRP_XDP_MESSAGE_MAX;
        if (!load_bytes(frame, envelope->offset, event->message, length, sizeof(*message),
                        VRRP_XDP_MESSAGE_MAX))
            return NOT_OURS;
        event->length = length;
        event->election.family = envelope->packet.family;
        __builtin_memcpy(event->source, envelope->source, sizeof(event->source));
        vr = find_virtual_router(frame->vlan, message->vrid, envelope->packet.family);
        note_advertisement(message->vrid, envelope->packet.family);
    }
    if (vr && !is_to_us(vr, frame->ethernet->h_dest)) return NOT_OURS;
    /* By unicast only peers speak with us. Everything else belongs to others, or is on its way to them. */
    if (!envelope->is_multicast &&
        (!vr || !(vr->flags & VRRP_XDP_UNICAST) || !is_for_host(frame, vr, envelope)))
        return NOT_OURS;
    if (vr) {
        if (vr->flags & VRRP_XDP_UNICAST &&
            !is_unicast_peer(frame->vlan, message->vrid, envelope->packet.family, envelope->source)) {
            count(vr, VRRP_XDP_VR_unicast_peer_errors);
            return DROP;
        }
        if (envelope->packet.ttl >= vr->minimum_ttl && is_steady_state(vr, event)) return DROP;
        envelope->packet.versions = vr->versions;
        envelope->packet.minimum_ttl = vr->minimum_ttl;
        envelope->packet.refuses_signed = !!(vr->flags & VRRP_XDP_REFUSES_SIGNED);
        envelope->packet.authentication_type = vr->authentication_type;
        __builtin_memcpy(envelope->packet.authentication, vr->authentication,
                         sizeof(envelope->packet.authentication));
    }

    judgement = judge_draft(event, &envelope->packet);
    if (!vr) {
        count_foreign(judgement);
        return NOT_OURS;
    }
    if (judgement == VRRP_XDP_VALID)
        hand_over(frame, envelope, vr, event);
    else
        count(vr, judgement);
    return DROP;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Neighbour Discovery for the virtual IPv6 addresses: the Active Router answers with the virtual MAC, nobody
 * else answers at all (RFC 9568 section 8.2.2, RFC 4861). */
#ifndef VRRP_XDP_BPF_NDISC_H
#define VRRP_XDP_BPF_NDISC_H

#include "events.h"
#include "ipv6.h"
#include "message.h"

#define ND_ROUTER_ADVERTISEMENT 134
#define ND_SOLICITATION 135
#define ND_ADVERTISEMENT 136
#define ND_HOP_LIMIT 255
#define ND_SOURCE_ADDRESS_OPTION 1
#define ND_TARGET_ADDRESS_OPTION 2
#define ND_OPTION_UNIT 8
#define ND_ROUTER_ADVERTISEMENT_BYTES 16 /* without options, RFC 4861 section 4.2 */
#define ND_MOST_OPTIONS 16
#define ND_ROUTER 0x80
#define ND_SOLICITED 0x40
#define ND_OVERRIDE 0x20

/* Both messages, without their options (RFC 4861 sections 4.3 and 4.4). */
struct nd_message {
    __u8 type;
    __u8 code;
    __be16 checksum;
    __u8 flags; /* of an advertisement */
    __u8 reserved[3];
    __u8 target[16];
};

/* RFC 4861 section 4.6.1 */
struct nd_address_option {
    __u8 type;
    __u8 units; /* of eight bytes */
    __u8 mac[ETH_ALEN];
};

struct nd_reply {
    struct ipv6hdr ip;
    struct nd_message message;
    struct nd_address_option option;
};

static __always_inline bool is_neighbour_discovery(const struct frame* frame, const struct ipv6hdr* ip) {
    struct ipv6_upper upper;
    __u8 type;

    if (!find_upper_layer(frame, ip, &upper) || upper.protocol != IPV6_ICMP || !upper.length) return false;
    if (read_bytes(frame, upper.offset, &type, sizeof(type))) return false;
    return type == ND_SOLICITATION || type == ND_ADVERTISEMENT;
}

static __always_inline bool is_unspecified(const struct in6_addr* address) {
    return !(address->s6_addr32[0] | address->s6_addr32[1] | address->s6_addr32[2] | address->s6_addr32[3]);
}

/* ff02::1:ff00:0/104 */
static __always_inline bool is_solicited_node(const struct in6_addr* address) {
    return address->s6_addr32[0] == bpf_htonl(0xff020000) && !address->s6_addr32[1] &&
           address->s6_addr32[2] == bpf_htonl(1) && address->s6_addr[12] == 0xff;
}

#define ND_OPTIONS_INVALID (-1)
#define ND_NO_SOURCE_OPTION 0

/* Walks the options of a solicitation: returns where in the message the last Source Link-Layer Address option
 * is, or one of the two above. The message is the draft's; length: of it, no more than is there. Not inlined,
 * for the verifier's sake; see judge_draft(). */
__noinline int read_options(const struct vrrp_xdp_event* draft, __u32 length) {
    int found = ND_NO_SOURCE_OPTION;
    __u32 offset = sizeof(struct nd_message);
    __u32 i;

    if (!draft) return ND_OPTIONS_INVALID;
    for (i = 0; i < ND_MOST_OPTIONS; i++) {
        const __u8* option;

        if (offset >= length || offset > VRRP_XDP_MESSAGE_MAX - ND_OPTION_UNIT) break;
        barrier_var(offset); /* or clang writes offset + 1 as offset | 1, which the verifier cannot bound */
        option = draft->message + offset;
        if (option[0] == ND_SOURCE_ADDRESS_OPTION) found = offset;
        if (option[1] == 0) return ND_OPTIONS_INVALID;
        offset += option[1] * ND_OPTION_UNIT;
    }
    return offset == length ? found : ND_OPTIONS_INVALID;
}

/* Whether RFC 4861 section 7.1.1 lets it through, and RFC 4291 its source. draft: memory for a copy of the
 * message. source_option: set to what read_options() returns. */
static __always_inline bool is_valid_solicitation(const struct frame* frame, const struct ipv6hdr* ip,
                                                  const struct ipv6_upper* upper,
                                                  struct vrrp_xdp_event* draft, int* source_option) {
    const struct nd_message* message = (const void*)draft->message;
    bool unspecified = is_unspecified(&ip->saddr);
    __u32 length = upper->length;
    __u32 sum;

    /* Options are whole units, so the message is, too. A longer one than fits is none that anybody sends. */
    if (length % ND_OPTION_UNIT) return false;
    if (!load_bytes(frame, upper->offset, draft->message, length, sizeof(*message), VRRP_XDP_MESSAGE_MAX))
        return false;
    if (ip->hop_limit != ND_HOP_LIMIT || message->code != 0) return false;
    sum = ipv6_pseudo_header_sum(&ip->saddr, length, IPV6_ICMP);
    if (vrrp_xdp_fold(VRRP_XDP_SUM(draft->message, length) + sum) != 0xffff) return false;

    *source_option = read_options(draft, length);
    if (*source_option == ND_OPTIONS_INVALID) return false;
    if (unspecified) return is_solicited_node(&ip->daddr) && *source_option == ND_NO_SOURCE_OPTION;
    return !vrrp_xdp_forbids_ipv6_source(ip->saddr.s6_addr);
}

/* Fills what is zero. R, S and O as RFC 4861 section 7.2.4 and RFC 9568 section 8.2.2 ask. Who has no address
 * yet, because it asks whether it may have this one, is told with everybody else. */
static __always_inline void fill_reply(struct nd_reply* reply, const struct ipv6hdr* ip, const __u8* target,
                                       const struct vrrp_xdp_vr* vr) {
    const __u32 length = sizeof(*reply) - sizeof(reply->ip);
    bool solicited = !is_unspecified(&ip->saddr);
    __u32 sum;

    reply->ip.version = 6;
    reply->ip.nexthdr = IPV6_ICMP;
    reply->ip.payload_len = bpf_htons(length);
    reply->ip.hop_limit = ND_HOP_LIMIT;
    __builtin_memcpy(&reply->ip.saddr, target, sizeof(reply->ip.saddr));
    if (solicited) {
        __builtin_memcpy(&reply->ip.daddr, &ip->saddr, sizeof(reply->ip.daddr));
    } else { /* ff02::1 */
        reply->ip.daddr.s6_addr[0] = 0xff;
        reply->ip.daddr.s6_addr[1] = 0x02;
        reply->ip.daddr.s6_addr[15] = 1;
    }

    reply->message.type = ND_ADVERTISEMENT;
    reply->message.flags = ND_ROUTER | ND_OVERRIDE | (solicited ? ND_SOLICITED : 0);
    __builtin_memcpy(reply->message.target, target, sizeof(reply->message.target));
    reply->option.type = ND_TARGET_ADDRESS_OPTION;
    reply->option.units = 1;
    __builtin_memcpy(reply->option.mac, vr->mac, sizeof(reply->option.mac));

    sum = ipv6_pseudo_header_sum(&reply->ip.saddr, length, IPV6_ICMP);
    sum = vrrp_xdp_fold((__u64)sum + (__u32)bpf_csum_diff(NULL, 0, (__be32*)&reply->message, length, 0));
    reply->message.checksum = ~sum;
}

/* Writes the answer over the question; a VLAN tag stays as it came. The frame grows for a host that sent no
 * option. asker: the MAC of who asked. */
static __always_inline enum verdict answer_solicitation(const struct frame* frame, const struct ipv6hdr* ip,
                                                        const __u8* target, const __u8* asker,
                                                        const struct vrrp_xdp_vr* vr) {
    __u32 link_bytes = offset_of(frame, frame->payload);
    __u8 macs[2 * ETH_ALEN] = {};
    struct nd_reply reply = {};

    remember(frame);
    if (is_unspecified(&ip->saddr)) { /* 33-33-00-00-00-01, of ff02::1 */
        macs[0] = 0x33;
        macs[1] = 0x33;
        macs[5] = 1;
    } else {
        __builtin_memcpy(macs, asker, ETH_ALEN);
    }
    __builtin_memcpy(macs + ETH_ALEN, vr->mac, ETH_ALEN);
    fill_reply(&reply, ip, target, vr);

    if (set_length(frame, link_bytes + sizeof(reply)) || store_bytes(frame, 0, macs, sizeof(macs)) ||
        store_bytes(frame, link_bytes, &reply, sizeof(reply))) {
        count(vr, VRRP_XDP_VR_nd_no_room);
        return DROP;
    }
    count(vr, VRRP_XDP_VR_nd_answered);
    return ANSWER;
}

/* Finds the Target Link-Layer Address option of an advertisement: where it starts, 0 if there is none. The
 * message is the draft's; length: of it, no more than is there. Not inlined, for the verifier's sake; see
 * judge_draft(). */
__noinline int find_target_address(const struct vrrp_xdp_event* draft, __u32 length) {
    __u32 offset = sizeof(struct nd_message);
    __u32 i;

    if (!draft) return 0;
    for (i = 0; i < ND_MOST_OPTIONS; i++) {
        const __u8* option;

        if (offset + ND_OPTION_UNIT > length || offset > VRRP_XDP_MESSAGE_MAX - ND_OPTION_UNIT) break;
        barrier_var(offset); /* see read_options() */
        option = draft->message + offset;
        if (option[0] == ND_TARGET_ADDRESS_OPTION) return option[1] ? offset : 0;
        if (option[1] == 0) break;
        offset += option[1] * ND_OPTION_UNIT;
    }
    return 0;
}

/* An advertisement may be sent on behalf of somebody else: what neighbours learn is the MAC in the option.
 * Without one (RFC 4861 section 4.4) it is the sender's own. */
static __always_inline void check_claim(const struct frame* frame, const struct ipv6_upper* upper,
                                        const struct nd_message* message, const struct vrrp_xdp_vr* vr) {
    __u8 mac[ETH_ALEN] __attribute__((aligned(4))); /* it is compared by the word */
    struct vrrp_xdp_event* draft = draft_event();
    __u32 length = upper->length;
    __u32 offset = 0;

    if (!draft) return;
    if (length > VRRP_XDP_MESSAGE_MAX) length = VRRP_XDP_MESSAGE_MAX;
    if (load_bytes(frame, upper->offset, draft->message, length, sizeof(*message), VRRP_XDP_MESSAGE_MAX))
        offset = find_target_address(draft, length);
    __builtin_memcpy(mac, frame->ethernet->h_source, sizeof(mac));
    if (offset)
        read_bytes(frame, upper->offset + offset + offsetof(struct nd_address_option, mac), mac, sizeof(mac));
    if (mac_equal(mac, vr->mac) || is_elsewhere(vr)) return;
    count(vr, VRRP_XDP_VR_nd_claims);
    report_claim(frame, vr, VRRP_XDP_IPV6, message->target, mac);
}

/* The MAC that the asker is to be answered at: the one that it names, which is what its neighbours learn (RFC
 * 4861 section 7.2.3), else the one that it sent from. False for one that stands for several stations. */
static __always_inline bool find_asker(const struct vrrp_xdp_event* draft, int source_option,
                                       const struct frame* frame, __u8* asker) {
    __u32 offset = source_option + offsetof(struct nd_address_option, mac);

    if (source_option == ND_NO_SOURCE_OPTION) {
        __builtin_memcpy(asker, frame->ethernet->h_source, ETH_ALEN);
    } else {
        barrier_var(offset);
        if (offset > VRRP_XDP_MESSAGE_MAX - ETH_ALEN) return false;
        __builtin_memcpy(asker, draft->message + offset, ETH_ALEN);
    }
    return !is_group_mac(asker);
}

static __always_inline enum verdict ndisc_input(const struct frame* frame, const struct ipv6hdr* ip,
                                                const struct ipv6_upper* upper) {
    struct nd_message message;
    struct vrrp_xdp_event* draft;
    const struct vrrp_xdp_vr* vr;
    __u8 asker[ETH_ALEN];
    int source_option;

    if (upper->length < sizeof(message) || read_bytes(frame, upper->offset, &message, sizeof(message)))
        return NOT_OURS;
    if (message.type != ND_SOLICITATION && message.type != ND_ADVERTISEMENT) return NOT_OURS;
    vr = find_ipv6(frame->vlan, message.target);
    if (!vr || !is_to_us(vr, frame->ethernet->h_dest)) return NOT_OURS;
    note_nd(vr);
    if (message.type == ND_ADVERTISEMENT) {
        check_claim(frame, upper, &message, vr);
        return NOT_OURS;
    }

    draft = draft_event();
    if (!draft || !is_valid_solicitation(frame, ip, upper, draft, &source_option) ||
        !find_asker(draft, source_option, frame, asker)) {
        count(vr, VRRP_XDP_VR_nd_invalid);
        return DROP;
    }
    if (!is_active(vr)) {
        count(vr, VRRP_XDP_VR_nd_not_answered);
        return DROP;
    }
    return answer_solicitation(frame, ip, message.target, asker, vr);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract between the BPF programs and user space: map keys and values, event records, pin names.
 *
 * Everything here is shared memory in one sense or another, so every layout is fixed by an assertion and a
 * change of any of them is a new VRRP_XDP_ABI_VERSION. Numbers are in host byte order unless they are spelt
 * as an array of bytes, which is then in the order of the wire. Times are nanoseconds of CLOCK_BOOTTIME.
 */
#ifndef VRRP_XDP_ABI_H
#define VRRP_XDP_ABI_H

#include <linux/types.h>

#ifdef __cplusplus
#define VRRP_XDP_STATIC_ASSERT(condition) static_assert(condition, #condition)
extern "C" {
#else
#define VRRP_XDP_STATIC_ASSERT(condition) _Static_assert(condition, #condition)
#endif

#define VRRP_XDP_ABI_VERSION 7u

/* Each port's maps, link and nothing else are pinned in ROOT/net-<inode of the network
 * namespace>/<interface>/, every map under its own name and the attachment of the XDP program under
 * VRRP_XDP_PIN_LINK. A dot in the interface's name is a colon there: the BPF file system takes no dots. */
#define VRRP_XDP_PIN_ROOT "/sys/fs/bpf/vrrp-xdp"
#define VRRP_XDP_PIN_PORT "port"
#define VRRP_XDP_PIN_LINK "link"

/* An election is one VRID of one address family in one VLAN of one port. Its slot is its index into the
 * arrays leases, expected, stamps, gaps and vr_counters. */
#define VRRP_XDP_MAX_ELECTIONS 1024u
#define VRRP_XDP_MAX_ADDRESSES 65536u
#define VRRP_XDP_MAX_PEERS 32768u

/* Bytes of VRRP message that an event carries. Enough for version 2 with 255 IPv4 addresses and
 * authentication data, and for 90 IPv6 addresses, which are all that fit into 1500 bytes. */
#define VRRP_XDP_MESSAGE_MAX 1452u
#define VRRP_XDP_RING_BYTES (1u << 20)

enum vrrp_xdp_family {
    VRRP_XDP_IPV4 = 4,
    VRRP_XDP_IPV6 = 6,
};

/* VLAN tags, outermost first. A tag is its 12-bit VLAN id with the bit of its ethertype; 0 means no tag, and
 * a priority tag (VLAN id 0) counts as none. */
#define VRRP_XDP_TAG_8021Q 0x1000u
#define VRRP_XDP_TAG_8021AD 0x2000u
struct vrrp_xdp_vlan {
    __u16 tag[2];
};

/* map virtual_routers, a hash: which VRIDs of which VLAN are ours. */
struct vrrp_xdp_vr_key {
    struct vrrp_xdp_vlan vlan;
    __u8 vrid;
    __u8 family; /* enum vrrp_xdp_family */
    __u8 zero[2];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_vr_key) == 8);

#define VRRP_XDP_VERSION_BIT(version) (1u << (version))

enum vrrp_xdp_vr_flags {
    /* Packets to a virtual address itself are accepted: address owner or Accept_Mode, RFC 9568 section 6.4.3.
     */
    VRRP_XDP_ACCEPT = 1u << 0,
    /* The addresses are this router's own, priority 255: it may speak from them even while it is not Active.
     */
    VRRP_XDP_OWNER = 1u << 1,
    /* There is not a virtual MAC: mac is the interface's own, which all that the host sends has anyway. */
    VRRP_XDP_OWN_MAC = 1u << 2,
    /* Only the routers in the map unicast_peers are heard, whatever address they send to. */
    VRRP_XDP_UNICAST = 1u << 3,
    /* Signed advertisements, which nobody verifies here, are refused. */
    VRRP_XDP_REFUSES_SIGNED = 1u << 4,
};

/* RFC 2338 section 5.3.6; RFC 3768 knows no other than none. */
enum vrrp_xdp_authentication {
    VRRP_XDP_NO_AUTHENTICATION = 0,
    VRRP_XDP_SIMPLE_TEXT = 1,
};
#define VRRP_XDP_AUTHENTICATION_BYTES 8

struct vrrp_xdp_vr {
    __u32 slot;
    __u32 ifindex;    /* of the interface, which in a VLAN is not the port */
    __u8 versions;    /* of VRRP that are spoken: VRRP_XDP_VERSION_BIT(2), VRRP_XDP_VERSION_BIT(3) or both */
    __u8 flags;       /* enum vrrp_xdp_vr_flags */
    __u8 mac[6];      /* the virtual MAC, or that of the interface with VRRP_XDP_OWN_MAC */
    __u8 minimum_ttl; /* of advertisements; 255 but for peers behind other routers */
    __u8 authentication_type; /* of version 2: enum vrrp_xdp_authentication */
    __u8 interface_mac[6];    /* of the interface itself, which frames to this router may have as well */
    __u8 vrid;
    __u8 family; /* enum vrrp_xdp_family */
    __u8 zero[6];
    __u8 authentication[VRRP_XDP_AUTHENTICATION_BYTES]; /* of simple text; else zeros */
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_vr) == 40);

/* map untagged_routers, an array in shared memory: those of virtual_routers that are in no VLAN, once more,
 * by vrrp_xdp_untagged_index(); versions 0 is none. Every forwarded frame asks for its virtual MAC's, and a
 * look into an array takes a tenth of the time of one into a hash. */
#define VRRP_XDP_UNTAGGED_ROUTERS 512u
static __inline __attribute__((always_inline)) __u32 vrrp_xdp_untagged_index(__u8 vrid, __u8 family) {
    return (family == VRRP_XDP_IPV6 ? 256u : 0u) + vrid;
}

/* map ipv4_addresses, a hash from a virtual address to the struct vrrp_xdp_vr that it belongs to. */
struct vrrp_xdp_ipv4_key {
    struct vrrp_xdp_vlan vlan;
    __u8 address[4];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_ipv4_key) == 8);

/* map ipv6_addresses, the same for IPv6. */
struct vrrp_xdp_ipv6_key {
    struct vrrp_xdp_vlan vlan;
    __u8 address[16];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_ipv6_key) == 20);

/* map address_filter, an array of words in shared memory: an address whose bit, vrrp_xdp_filter_bit(), is not
 * set is in neither of the two maps, of whatever VLAN. Nearly all that is forwarded is for such an address,
 * and is spared the look into the hash. One that is set may mean another address. */
#define VRRP_XDP_FILTER_WORDS 1024u
#define VRRP_XDP_FILTER_WORD_BITS 64u
/* address: in the order of the wire. bytes: 4 or 16. Returns the bit's number, counted through all words. */
static __inline __attribute__((always_inline)) __u32 vrrp_xdp_filter_bit(const __u8* address, __u32 bytes) {
    __u32 hash = 0;
    __u32 word;

    for (__u32 at = 0; at < bytes; at += sizeof(word)) {
        __builtin_memcpy(&word, address + at, sizeof(word));
        hash = (hash ^ word) * 0x9e3779b1u; /* 2^32 / golden ratio: Knuth's multiplicative hashing */
    }
    return hash >> 16;
}
static __inline __attribute__((always_inline)) __u32 vrrp_xdp_filter_word(__u32 bit) {
    return bit / VRRP_XDP_FILTER_WORD_BITS;
}
static __inline __attribute__((always_inline)) __u64 vrrp_xdp_filter_mask(__u32 bit) {
    return (__u64)1 << bit % VRRP_XDP_FILTER_WORD_BITS;
}
VRRP_XDP_STATIC_ASSERT(VRRP_XDP_FILTER_WORDS* VRRP_XDP_FILTER_WORD_BITS == 1u << 16);

/* map unicast_peers, a hash from an election and the address of another router, IPv4 in the first four bytes,
 * to the election's slot. */
struct vrrp_xdp_peer_key {
    struct vrrp_xdp_vr_key election;
    __u8 address[16];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_peer_key) == 24);

/* map leases, an array in shared memory. Written by the controller, and by its guardian where that gives an
 * election up, with single stores. The router is Active while now < deadline; 0 is never. Until firm_ns only
 * the word of a better router ends it before. After it, when the next own advertisement is due or late, that
 * of any other router does: the router is Active no more once the stamp rival_ns is later than firm_ns. A
 * lease that grows has its firm_ns stored first. */
struct vrrp_xdp_lease {
    __u64 deadline_ns;
    __u64 firm_ns;
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_lease) == 16);

/* What the advertisement that is followed differs in from the configuration. Its repetitions are errors too,
 * and are counted where they end. */
enum vrrp_xdp_difference {
    VRRP_XDP_OTHER_INTERVAL = 1u << 0,
    VRRP_XDP_OTHER_ADDRESSES = 1u << 1,
};

/* map expected, an array in shared memory: the advertisement of the Active Router that a Backup Router
 * follows. Written by the controller alone, the digest last and with a single store. What matches it is
 * steady state: it is stamped, and nobody is woken. */
struct vrrp_xdp_expected {
    __u64 digest;      /* vrrp_xdp_digest(); 0 is none */
    __u64 differences; /* enum vrrp_xdp_difference */
    __u64 better_from; /* the least priority that can end this router's being Active, or its wish to be */
    __u64 followed_ns; /* when that advertisement came in, to be followed */
    __u64 patience_ns; /* this router's Active_Down_Interval; 0 while it has none */
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_expected) == 40);

/* Advertisements reach the controller at a limited rate, and of each kind at a rate of its own: what
 * moves an election must not wait behind what does not, however much of that anybody sends. */
enum vrrp_xdp_urgency {
    VRRP_XDP_FAREWELL = 0, /* priority 0 */
    VRRP_XDP_BETTER = 1,   /* of better_from or a higher priority */
    VRRP_XDP_WORSE = 2,
    VRRP_XDP_URGENCY_COUNT = 3,
};

/* map stamps, an array in shared memory. Written by the XDP program alone. */
struct vrrp_xdp_stamp {
    __u64 advertisement_ns; /* when the expected advertisement last came in */
    /* When a valid one of any router, of any priority but 0, last came in; of a better one after firm_ns. */
    __u64 rival_ns;
    __u64 claim_ns; /* when somebody else's claim of a virtual address was last reported */
    /* By enum vrrp_xdp_urgency: how far ahead of the clock the advertisements handed over have run. */
    __u64 events_ns[VRRP_XDP_URGENCY_COUNT];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_stamp) == 48);

/* map gaps, an array in shared memory: how long the router that is followed was silent, from each
 * advertisement of its to the next. Written by the XDP program alone. What a takeover ends is not a gap:
 * nobody is followed after it. */
#define VRRP_XDP_GAP_BUCKETS 7u
#define VRRP_XDP_RECENT_GAPS 8u
/* The time is cut into windows of 2^41 ns, which is 36.7 minutes, so that the largest gap of late can be
 * told. */
#define VRRP_XDP_GAP_WINDOW_SHIFT 41u
struct vrrp_xdp_gaps {
    __u64 since_ns;   /* when the first of them ended */
    __u64 count;      /* of all of them */
    __u64 largest_ns; /* and the Active_Down_Interval then */
    __u64 largest_of_ns;
    __u64 window; /* the number of the last window that a gap ended in */
    __u64 window_largest_ns;
    __u64 previous_window_largest_ns; /* of the window before that */
    __u64 near_failovers;             /* gaps above two thirds of Active_Down_Interval */
    /* By the part of Active_Down_Interval that the gap was: up to 1/32, 1/16, 1/8, 1/4, 1/2, 1, and above. */
    __u64 buckets[VRRP_XDP_GAP_BUCKETS];
    __u64 recent_ns[VRRP_XDP_RECENT_GAPS]; /* the last ones: number n, from 0, is at n modulo their count */
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_gaps) ==
                       64 + 8 * VRRP_XDP_GAP_BUCKETS + 8 * VRRP_XDP_RECENT_GAPS);

/*
 * Why an advertisement was refused, in the order in which RFC 9568 section 7.1 asks; what IP itself refuses
 * comes before. The same names stand in both sets of counters below: those of the election for a VRID of
 * ours, those of the port for anybody else's.
 */
#define VRRP_XDP_REJECTIONS(X)                                                            \
    X(source_address_errors, "source address is not valid for a host")                    \
    X(ip_ttl_errors, "TTL or hop limit is not 255, or below minimum-ttl")                 \
    X(version_errors, "VRRP version is unknown, or not the Virtual Router's")             \
    X(invalid_type_pkts_rcvd, "VRRP type is not 1, ADVERTISEMENT")                        \
    X(packet_length_errors, "message is shorter than its header and addresses")           \
    X(checksum_errors, "checksum is wrong")                                               \
    X(vrid_errors, "VRID is not configured on this interface")                            \
    X(authentication_errors, "version 2 authentication does not match the configuration") \
    X(signed_errors, "is signed, and signed-advertisements is refuse")                    \
    X(address_count_errors, "message lists no address")                                   \
    X(first_address_errors, "first IPv6 address is not link-local")                       \
    X(zero_interval_errors, "advertisement interval is 0")

/* map vr_counters, an array per CPU; RFC 8347's names where it has one. */
#define VRRP_XDP_VR_COUNTERS(X)                                                                          \
    VRRP_XDP_REJECTIONS(X)                                                                               \
    X(advertisement_rcvd, "valid advertisements")                                                        \
    X(signed_rcvd, "valid advertisements with a signature, which is not verified")                       \
    X(trailing_bytes, "valid advertisements with trailing bytes, which are ignored")                     \
    X(interval_errors, "valid advertisements with another interval than the configured one")             \
    X(address_list_errors, "valid advertisements with other addresses than the configured ones")         \
    X(unicast_peer_errors, "advertisements from a router that is not a unicast peer")                    \
    X(events_lost, "events lost because the ring buffer was full")                                       \
    X(events_limited, "advertisements dropped by the rate limit to the controller")                      \
    X(arp_answered, "ARP requests for a virtual address answered")                                       \
    X(arp_not_answered, "ARP requests for a virtual address dropped: not Active")                        \
    X(arp_invalid, "ARP requests for a virtual address dropped: invalid source address")                 \
    X(arp_claims, "ARP packets in which another host claims a virtual address")                          \
    X(nd_answered, "Neighbour Solicitations for a virtual address answered")                             \
    X(nd_not_answered, "Neighbour Solicitations for a virtual address dropped: not Active")              \
    X(nd_invalid,                                                                                        \
      "Neighbour Solicitations for a virtual address dropped: invalid by RFC 4861 section 7.1.1")        \
    X(nd_no_room, "Neighbour Solicitations for a virtual address dropped: no room for the answer")       \
    X(nd_claims, "Neighbour Advertisements in which another host claims a virtual address")              \
    X(frames_accepted, "frames to the virtual MAC handed to the kernel")                                 \
    X(frames_not_active, "frames to the virtual MAC or address dropped: not Active")                     \
    X(frames_not_accepted, "packets to a virtual address itself dropped: neither owner nor Accept_Mode") \
    X(frames_not_sent, "packets of the host from a virtual address dropped: neither Active nor owner")

/* map port_counters, an array per CPU with one element: what belongs to no Virtual Router of ours. */
#define VRRP_XDP_PORT_COUNTERS(X) \
    VRRP_XDP_REJECTIONS(X)        \
    X(fragments, "fragments of VRRP packets, which are never reassembled")

#define VRRP_XDP_FIELD(name, help) __u64 name;
#define VRRP_XDP_VR_INDEX(name, help) VRRP_XDP_VR_##name,
#define VRRP_XDP_PORT_INDEX(name, help) VRRP_XDP_PORT_##name,

struct vrrp_xdp_vr_counters {
    VRRP_XDP_VR_COUNTERS(VRRP_XDP_FIELD)
};
struct vrrp_xdp_port_counters {
    VRRP_XDP_PORT_COUNTERS(VRRP_XDP_FIELD)
};
/* Index of a counter in its struct. */
enum vrrp_xdp_vr_counter { VRRP_XDP_VR_COUNTERS(VRRP_XDP_VR_INDEX) VRRP_XDP_VR_COUNTER_COUNT };
enum vrrp_xdp_port_counter { VRRP_XDP_PORT_COUNTERS(VRRP_XDP_PORT_INDEX) VRRP_XDP_PORT_COUNTER_COUNT };
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_vr_counters) == 8 * VRRP_XDP_VR_COUNTER_COUNT);
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_port_counters) == 8 * VRRP_XDP_PORT_COUNTER_COUNT);
VRRP_XDP_STATIC_ASSERT((int)VRRP_XDP_VR_zero_interval_errors == (int)VRRP_XDP_PORT_zero_interval_errors);

#undef VRRP_XDP_FIELD
#undef VRRP_XDP_VR_INDEX
#undef VRRP_XDP_PORT_INDEX

/* map events, a ring buffer of these, each as long as its message. */
enum vrrp_xdp_event_type {
    VRRP_XDP_ADVERTISEMENT = 1, /* message: the VRRP message, valid by RFC 9568 section 7.1 */
    VRRP_XDP_CLAIM = 2,         /* somebody else's ARP or ND claims the virtual address in source */
};

struct vrrp_xdp_event {
    __u64 received_ns;
    __u32 ifindex;
    __u32 slot;
    struct vrrp_xdp_vr_key election; /* whose the slot was then: it may be another's when this is read */
    __u8 type;                       /* enum vrrp_xdp_event_type */
    __u8 zero;
    __u8 source_mac[6];   /* of the frame; of a claim, where it says that the address is */
    __u8 source[16];      /* IP source address; IPv4 in the first four bytes */
    __u8 destination[16]; /* where an advertisement was sent to, likewise */
    __u32 length;         /* bytes of message that are set */
    __u8 message[VRRP_XDP_MESSAGE_MAX];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_event) == 68 + VRRP_XDP_MESSAGE_MAX);

/* map port, an array with one element: who attached this, for the next one to read. */
enum vrrp_xdp_port_flags {
    VRRP_XDP_CREATED_CLSACT = 1u << 0,    /* the clsact qdisc is ours to remove */
    VRRP_XDP_KEPT_VLAN_TAGS = 1u << 1,    /* rx-vlan-offload is ours to turn on again */
    VRRP_XDP_KEPT_SERVICE_TAGS = 1u << 2, /* so is rx-vlan-stag-hw-parse */
    VRRP_XDP_KEPT_LRO = 1u << 8,          /* turned off by generic XDP, ours to turn on again */
    VRRP_XDP_KEPT_HARDWARE_GRO = 1u << 9, /* so is rx-gro-hw */
    VRRP_XDP_BY_CLSACT = 1u << 10,        /* frames come in by the clsact program: there is no link */
};

struct vrrp_xdp_port {
    __u32 abi_version;
    __u32 ifindex;
    __u32 controller_pid;
    __u32 flags; /* enum vrrp_xdp_port_flags */
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_port) == 16);

#ifdef __cplusplus
}
#endif

#endif

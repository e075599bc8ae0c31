/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contract of a capture: what the capturing programs, which replace the plain ones while somebody
 * captures, are asked for and what they report. VRRP_XDP_ABI_VERSION does not cover it: these maps are made
 * for one capture and are never pinned. The program that reads them may be of another build than the one
 * that made them; VRRP_XDP_CAPTURE_VERSION tells.
 */
#ifndef VRRP_XDP_CAPTURE_H
#define VRRP_XDP_CAPTURE_H

#include "vrrp_xdp/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define VRRP_XDP_CAPTURE_VERSION 1u

/* Bytes of a frame that are captured at most: a jumbo frame of 9000 bytes with its headers and tags. */
#define VRRP_XDP_CAPTURE_BYTES_MAX 9216u
#define VRRP_XDP_CAPTURE_BYTES_MIN 64u
/* Three seconds of ten thousand advertisements a second. */
#define VRRP_XDP_CAPTURE_RING_BYTES (1u << 22)

/* Each kind has a rate limit of its own, so that forwarded data does not hide an advertisement. */
enum vrrp_xdp_capture_kind {
    VRRP_XDP_CAPTURE_ADVERTISEMENT = 0,
    VRRP_XDP_CAPTURE_ARP = 1,
    VRRP_XDP_CAPTURE_ND = 2,
    VRRP_XDP_CAPTURE_DATA = 3,
    VRRP_XDP_CAPTURE_KIND_COUNT = 4,
};

/* What became of a frame. */
enum vrrp_xdp_capture_verdict {
    VRRP_XDP_CAPTURE_CONSUMED = 0, /* a valid advertisement, taken off the wire */
    VRRP_XDP_CAPTURE_ANSWERED = 1, /* the question; its answer is captured as sent */
    VRRP_XDP_CAPTURE_DROPPED = 2,
    VRRP_XDP_CAPTURE_PASSED = 3, /* to the kernel */
    VRRP_XDP_CAPTURE_SENT = 4,
    VRRP_XDP_CAPTURE_VERDICT_COUNT = 5,
};

enum vrrp_xdp_capture_family {
    VRRP_XDP_CAPTURE_IPV4 = 0,
    VRRP_XDP_CAPTURE_IPV6 = 1,
    VRRP_XDP_CAPTURE_FAMILY_COUNT = 2,
};

/* map capture, an array with one element in shared memory. The reader sets until_ns again and again while it
 * reads, and so what it does not read is not captured for long, whatever has become of it. The rest of what
 * is asked for is set before the programs run; the programs count. */
struct vrrp_xdp_capture {
    __u64 until_ns; /* frames are captured while CLOCK_BOOTTIME is before it */
    __u64 lost;     /* frames that found the ring full */
    __u64 limited;  /* frames that came faster than the rate */
    /* By enum vrrp_xdp_capture_kind: how far ahead of the clock the captured frames have run. */
    __u64 ahead_ns[VRRP_XDP_CAPTURE_KIND_COUNT];
    __u64 cost_ns;  /* of a frame, by its rate; 0 for no limit */
    __u64 vrids[4]; /* a bit for each */
    __u32 snap_length;
    __u8 families; /* bits of enum vrrp_xdp_capture_family */
    __u8 kinds;    /* bits of enum vrrp_xdp_capture_kind */
    __u8 verdicts; /* bits of enum vrrp_xdp_capture_verdict */
    __u8 zero;
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_capture) == 104);

/* map captured, a ring buffer of these, each as long as its bytes. */
struct vrrp_xdp_captured {
    __u64 time_ns;      /* of CLOCK_BOOTTIME, when its verdict was found */
    __u64 reasons;      /* bits of enum vrrp_xdp_vr_counter: what was counted */
    __u32 port_reasons; /* bits of enum vrrp_xdp_port_counter */
    __u32 length;       /* of the frame, without a tag that lies beside it */
    __u32 captured;     /* bytes of it that are here */
    struct vrrp_xdp_vlan vlan;
    __u16 tag_protocol; /* 0x8100 or 0x88a8: of the outer tag, where the kernel has taken it out; else 0 */
    __u16 tag_control;  /* its priority and VLAN id */
    __u8 vrid;          /* 0 where the message is too short to have one */
    __u8 family;        /* enum vrrp_xdp_family */
    __u8 kind;          /* enum vrrp_xdp_capture_kind */
    __u8 verdict;       /* enum vrrp_xdp_capture_verdict */
    __u8 outbound;      /* 1 for what leaves, or would have */
    __u8 remembered;    /* 1 while the bytes are those of a question that is answered in its place */
    __u8 zero[6];
    __u8 bytes[VRRP_XDP_CAPTURE_BYTES_MAX];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_captured) == 48 + VRRP_XDP_CAPTURE_BYTES_MAX);
VRRP_XDP_STATIC_ASSERT((int)VRRP_XDP_VR_COUNTER_COUNT <= 64);
VRRP_XDP_STATIC_ASSERT((int)VRRP_XDP_PORT_COUNTER_COUNT <= 32);

#ifdef __cplusplus
}
#endif

#endif

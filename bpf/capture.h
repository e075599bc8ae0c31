/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the capturing programs do beside the plain ones. Without VRRP_XDP_CAPTURE all of it is nothing, and
 * the plain programs are what they would be without this file. */
#ifndef VRRP_XDP_BPF_CAPTURE_H
#define VRRP_XDP_BPF_CAPTURE_H

#include <stddef.h>

#include <bpf/bpf_endian.h>

#include "frame.h"

#ifdef VRRP_XDP_CAPTURE

#include "vrrp_xdp/capture.h"

/* So far ahead of its rate may a kind of frames be: a burst of a tenth of a second. */
#define CAPTURE_BURST_NS 100000000ull

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(map_flags, BPF_F_MMAPABLE);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_capture);
} capture SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, VRRP_XDP_CAPTURE_RING_BYTES);
} captured SEC(".maps");

/* Where what is learned of a frame is noted, and where its record is put together. */
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct vrrp_xdp_captured);
} capture_note SEC(".maps");

static __always_inline struct vrrp_xdp_captured* current_note(void) {
    __u32 first = 0;

    return bpf_map_lookup_elem(&capture_note, &first);
}

static __always_inline struct vrrp_xdp_capture* asked_capture(void) {
    __u32 first = 0;

    return bpf_map_lookup_elem(&capture, &first);
}

/* A new frame, of which nothing is known. */
static __always_inline void begin_note(void) {
    struct vrrp_xdp_captured* note = current_note();

    if (!note) return;
    note->reasons = 0;
    note->port_reasons = 0;
    note->vrid = 0;
    note->family = 0;
    note->kind = VRRP_XDP_CAPTURE_DATA;
    note->remembered = 0;
}

static __always_inline void note_packet(__u8 vrid, __u8 family, enum vrrp_xdp_capture_kind kind) {
    struct vrrp_xdp_captured* note = current_note();

    if (!note) return;
    note->vrid = vrid;
    note->family = family;
    note->kind = kind;
}

static __always_inline void note_advertisement(__u8 vrid, __u8 family) {
    note_packet(vrid, family, VRRP_XDP_CAPTURE_ADVERTISEMENT);
}

static __always_inline void note_arp(const struct vrrp_xdp_vr* vr) {
    note_packet(vr->vrid, VRRP_XDP_IPV4, VRRP_XDP_CAPTURE_ARP);
}

static __always_inline void note_nd(const struct vrrp_xdp_vr* vr) {
    note_packet(vr->vrid, VRRP_XDP_IPV6, VRRP_XDP_CAPTURE_ND);
}

/* Not inlined, so that the verifier walks it once and not at every counter. */
__noinline int note_router(const struct vrrp_xdp_vr* vr) {
    struct vrrp_xdp_captured* note = current_note();

    if (!note || !vr) return 0;
    note->vrid = vr->vrid;
    note->family = vr->family;
    return 0;
}

/* The same reason. counter: enum vrrp_xdp_vr_counter. */
__noinline int note_reason(const struct vrrp_xdp_vr* vr, __u32 counter) {
    struct vrrp_xdp_captured* note = current_note();

    if (!note || !vr) return 0;
    note->vrid = vr->vrid;
    note->family = vr->family;
    note->reasons |= 1ull << (counter & 63);
    return 0;
}

/* The same reason. counter: enum vrrp_xdp_port_counter. */
__noinline int note_port_reason(__u32 counter) {
    struct vrrp_xdp_captured* note = current_note();

    if (note) note->port_reasons |= 1u << (counter & 31);
    return 0;
}

static __always_inline bool has_bit(__u8 bits, __u8 bit) { return bits >> (bit & 7) & 1; }

static __always_inline bool is_asked_for(const struct vrrp_xdp_capture* asked,
                                         const struct vrrp_xdp_captured* note, __u8 verdict) {
    __u8 family = note->family == VRRP_XDP_IPV6 ? VRRP_XDP_CAPTURE_IPV6 : VRRP_XDP_CAPTURE_IPV4;

    return has_bit(asked->families, family) && has_bit(asked->kinds, note->kind) &&
           has_bit(asked->verdicts, verdict) && asked->vrids[note->vrid >> 6] >> (note->vrid & 63) & 1;
}

/* Two CPUs that ask at once may let one more through. */
static __always_inline bool is_within_capture_rate(struct vrrp_xdp_capture* asked, __u32 kind, __u64 now) {
    __u64* ahead;
    __u64 from;

    if (!asked->cost_ns) return true;
    barrier_var(kind); /* checked on the register that is used: older verifiers follow no copy of it */
    if (kind >= VRRP_XDP_CAPTURE_KIND_COUNT) return false;
    ahead = &asked->ahead_ns[kind];
    from = *ahead > now ? *ahead : now;
    if (from - now > CAPTURE_BURST_NS) {
        __sync_fetch_and_add(&asked->limited, 1);
        return false;
    }
    *ahead = from + asked->cost_ns;
    return true;
}

static __always_inline __u32 present_length(const struct frame* frame) {
    if (frame->hook == HOOK_CLSACT) return ((struct __sk_buff*)frame->context)->len;
    return bpf_xdp_get_buff_len(frame->context);
}

/* The frame as it is now, as much of it as is asked for. */
static __always_inline bool copy_frame(const struct frame* frame, const struct vrrp_xdp_capture* asked,
                                       struct vrrp_xdp_captured* note) {
    __u32 length = present_length(frame);
    __u32 bytes = asked->snap_length;

    note->length = length;
    if (bytes > length) bytes = length;
    if (bytes > VRRP_XDP_CAPTURE_BYTES_MAX) bytes = VRRP_XDP_CAPTURE_BYTES_MAX;
    note->captured = bytes;
    return load_bytes(frame, 0, note->bytes, bytes, ETH_HLEN, VRRP_XDP_CAPTURE_BYTES_MAX);
}

static __always_inline void report_frame(const struct frame* frame, struct vrrp_xdp_capture* asked,
                                         struct vrrp_xdp_captured* note, __u8 verdict, bool outbound,
                                         __u64 now) {
    __u64 bytes = offsetof(struct vrrp_xdp_captured, bytes) + note->captured;

    note->time_ns = now;
    note->verdict = verdict;
    note->outbound = outbound;
    note->vlan = frame->vlan;
    note->tag_protocol = 0;
    note->tag_control = 0;
    __builtin_memset(note->zero, 0, sizeof(note->zero));
    if (frame->hook == HOOK_CLSACT) {
        const struct __sk_buff* skb = frame->context;

        if (skb->vlan_present) {
            note->tag_protocol = bpf_ntohs(skb->vlan_proto);
            note->tag_control = skb->vlan_tci;
        }
    }
    if (bytes > sizeof(*note)) bytes = sizeof(*note);
    if (bpf_ringbuf_output(&captured, note, bytes, 0)) __sync_fetch_and_add(&asked->lost, 1);
}

/* Before a question is written over by its answer. */
static __always_inline void remember(const struct frame* frame) {
    struct vrrp_xdp_captured* note = current_note();
    struct vrrp_xdp_capture* asked = asked_capture();
    __u64 now = bpf_ktime_get_boot_ns();

    if (!note || !asked || now >= *(const volatile __u64*)&asked->until_ns) return;
    if (!is_asked_for(asked, note, VRRP_XDP_CAPTURE_ANSWERED)) return;
    if (!is_within_capture_rate(asked, note->kind, now)) return;
    if (copy_frame(frame, asked, note)) note->remembered = 1;
}

static __always_inline __u8 capture_verdict(const struct vrrp_xdp_captured* note, enum verdict verdict) {
    if (verdict == ANSWER) return VRRP_XDP_CAPTURE_ANSWERED;
    if (verdict != DROP) return VRRP_XDP_CAPTURE_PASSED;
    return note->reasons >> VRRP_XDP_VR_advertisement_rcvd & 1 ? VRRP_XDP_CAPTURE_CONSUMED
                                                               : VRRP_XDP_CAPTURE_DROPPED;
}

/* A frame that is as it was: asked for, within the rate, copied, reported. */
static __always_inline void capture_frame(const struct frame* frame, struct vrrp_xdp_capture* asked,
                                          struct vrrp_xdp_captured* note, __u8 verdict, bool outbound,
                                          __u64 now) {
    if (!is_asked_for(asked, note, verdict) || !is_within_capture_rate(asked, note->kind, now)) return;
    if (copy_frame(frame, asked, note)) report_frame(frame, asked, note, verdict, outbound, now);
}

/* What becomes of a frame that came in, if it concerns a Virtual Router. By clsact an answer leaves through
 * the egress hook, and is captured there. */
static __always_inline void observe_received(const struct frame* frame, enum verdict verdict) {
    struct vrrp_xdp_captured* note = current_note();
    struct vrrp_xdp_capture* asked = asked_capture();
    __u64 now;

    if (!note || !asked || !note->family) return;
    now = bpf_ktime_get_boot_ns();
    if (now >= *(const volatile __u64*)&asked->until_ns) return;
    if (note->remembered)
        report_frame(frame, asked, note, capture_verdict(note, verdict), false, now);
    else if (verdict != ANSWER)
        capture_frame(frame, asked, note, capture_verdict(note, verdict), false, now);
    if (verdict == ANSWER && frame->hook == HOOK_XDP)
        capture_frame(frame, asked, note, VRRP_XDP_CAPTURE_SENT, true, now);
}

#else

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"
struct vrrp_xdp_vr;
static __always_inline void begin_note(void) {}
static __always_inline void note_advertisement(__u8 vrid, __u8 family) {}
static __always_inline void note_arp(const struct vrrp_xdp_vr* vr) {}
static __always_inline void note_nd(const struct vrrp_xdp_vr* vr) {}
static __always_inline void note_router(const struct vrrp_xdp_vr* vr) {}
static __always_inline void note_reason(const struct vrrp_xdp_vr* vr, __u32 counter) {}
static __always_inline void note_port_reason(__u32 counter) {}
static __always_inline void remember(const struct frame* frame) {}
static __always_inline void observe_received(const struct frame* frame, enum verdict verdict) {}
#pragma clang diagnostic pop

#endif

#endif

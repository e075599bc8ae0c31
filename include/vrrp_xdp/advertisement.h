/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The VRRP message on the wire, and the one place that judges it. The XDP program and the controller's parser
 * both call vrrp_xdp_judge(), so there is one set of rules in one order: RFC 9568 section 7.1, RFC 3768
 * section 7.1.
 */
#ifndef VRRP_XDP_ADVERTISEMENT_H
#define VRRP_XDP_ADVERTISEMENT_H

#include <linux/types.h>

#include "vrrp_xdp/abi.h"
#include "vrrp_xdp/source_address.h"

#define VRRP_XDP_IP_PROTOCOL 112
#define VRRP_XDP_TYPE_ADVERTISEMENT 1
#define VRRP_XDP_WORD_BYTES 4

/* The fixed part of both versions; addresses follow, and in version 2 eight bytes of authentication data. */
struct vrrp_xdp_header {
    __u8 version_type; /* version in the upper four bits */
    __u8 vrid;
    __u8 priority;
    __u8 address_count;
    __u8 interval[2]; /* v3: four reserved bits, then Max Advertise Interval in centiseconds.
                         v2: authentication type, then the interval in seconds */
    __u8 checksum[2];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_header) == 8);

/* What keepalived 2.4.2 and later append where they sign (draft-cassen-vrrp-auth-hmac). */
struct vrrp_xdp_signature {
    __u8 type; /* VRRP_XDP_SIGNATURE_HMAC */
    __u8 key_id;
    __u8 zero[2];
    __u8 seconds[4]; /* these three change with every advertisement */
    __u8 fraction[2];
    __u8 counter[2];
    __u8 digest[16];
};
VRRP_XDP_STATIC_ASSERT(sizeof(struct vrrp_xdp_signature) == 28);
#define VRRP_XDP_SIGNATURE_HMAC 1

/*
 * Bytes of the IP payload behind the message, that is behind its addresses and, in version 2, behind the
 * authentication data. One rule for all versions and families: they are no part of the message, since RFC
 * 9568 section 7.1 asks only that the packet contains all of it. They are not read, but to see whether they
 * are a signature, which the Virtual Router may refuse; the checksum may cover them or leave them out; and
 * the followed advertisement is the same whatever they are.
 */
enum vrrp_xdp_trailer { VRRP_XDP_NO_TRAILER, VRRP_XDP_SIGNATURE, VRRP_XDP_OTHER_TRAILER };

/* What the judge has to know of the packet around the message. */
struct vrrp_xdp_packet {
    __u32 length;            /* bytes of IP payload */
    __u32 pseudo_header_sum; /* ones' complement sum, unfolded, of the pseudo-header's 16-bit words in wire
                                order, its length field included */
    __u8 ttl;                /* or hop limit */
    __u8 minimum_ttl;        /* 255, unless the Virtual Router says less */
    __u8 family;             /* enum vrrp_xdp_family */
    __u8 versions;           /* of VRRP that are spoken for this VRID, as in struct vrrp_xdp_vr */
    /* These as well; of version 2 alone. */
    __u8 authentication_type;
    __u8 forbidden_source; /* 1 if nobody may send from the source address; see source_address.h */
    __u8 refuses_signed;   /* 1 if a signature is a reason to refuse it */
    __u8 zero;
    __u8 authentication[VRRP_XDP_AUTHENTICATION_BYTES];
};

/* Index into VRRP_XDP_REJECTIONS of the first rule broken, or VRRP_XDP_VALID. Whether the VRID is ours
 * (vrid_errors) is for the caller to say. */
#define VRRP_XDP_VALID (-1)

static __inline __attribute__((always_inline)) __u32 vrrp_xdp_fold(__u64 sum) {
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (__u32)sum;
}

/* Ones' complement sum, unfolded, of 16-bit words in wire order. length: bytes, a multiple of four, and no
 * more than VRRP_XDP_MESSAGE_MAX of them are read. */
static __inline __attribute__((always_inline)) __u64 vrrp_xdp_sum(const void* message, __u32 length) {
    const __u8* bytes = (const __u8*)message;
    __u64 sum = 0;
    __u32 offset;

    for (offset = 0; offset + VRRP_XDP_WORD_BYTES <= VRRP_XDP_MESSAGE_MAX; offset += VRRP_XDP_WORD_BYTES) {
        __u32 word;
        if (offset >= length) break;
        __builtin_memcpy(&word, bytes + offset, VRRP_XDP_WORD_BYTES);
        sum += word;
    }
    return sum;
}

/* The BPF programs have it be a function of its own. */
#ifndef VRRP_XDP_SUM
#define VRRP_XDP_SUM(message, length) vrrp_xdp_sum(message, length)
#endif

/* The verifier of Linux 6.1 forgets what a check said of a value when the value is read from the stack again:
   the BPF programs have the compiler keep it in a register. */
#ifndef VRRP_XDP_KEEP_IN_REGISTER
#define VRRP_XDP_KEEP_IN_REGISTER(variable) ((void)0)
#endif

static __inline __attribute__((always_inline)) __u64 vrrp_xdp_stir(__u64 digest, __u32 word) {
    digest = (digest ^ word) * 0x9e3779b97f4a7c15ull;
    return digest ^ (digest >> 32);
}

/* Bytes of the message, by what its header says. */
static __inline __attribute__((always_inline)) __u32 vrrp_xdp_message_bytes(
    const struct vrrp_xdp_header* header, __u8 family) {
    const __u32 bytes = (__u32)sizeof(*header) + header->address_count * (family == VRRP_XDP_IPV4 ? 4u : 16u);

    return header->version_type >> 4 == 2 ? bytes + VRRP_XDP_AUTHENTICATION_BYTES : bytes;
}

/* An enum vrrp_xdp_trailer. length: of the IP payload, of which the message is the beginning. */
static __inline __attribute__((always_inline)) int vrrp_xdp_trailer_of(const void* message, __u32 length,
                                                                       __u8 family) {
    __u32 bytes = vrrp_xdp_message_bytes((const struct vrrp_xdp_header*)message, family);
    struct vrrp_xdp_signature signature;

    if (length <= bytes) return VRRP_XDP_NO_TRAILER;
    if (length - bytes != sizeof(signature)) return VRRP_XDP_OTHER_TRAILER;
    VRRP_XDP_KEEP_IN_REGISTER(bytes);
    if (bytes > VRRP_XDP_MESSAGE_MAX - sizeof(signature)) return VRRP_XDP_OTHER_TRAILER;
    __builtin_memcpy(&signature, (const __u8*)message + bytes, sizeof(signature));
    if (signature.type != VRRP_XDP_SIGNATURE_HMAC || signature.zero[0] || signature.zero[1])
        return VRRP_XDP_OTHER_TRAILER;
    return VRRP_XDP_SIGNATURE;
}

/* One word that stands for an advertisement and where it came from, so that the followed one is replaced by a
 * single store. Every step can be undone, so two messages that differ in one word never share a digest;
 * nobody has to be kept from making two that do, for he could as well send the followed one itself. Never 0.
 * source: 16 bytes, IPv4 in the first four and zeros behind. length: of the IP payload; of what lies behind
 * the message, and of a checksum that may cover it, nothing but the length counts: a signature changes with
 * every advertisement, and the ring is not for what repeats itself. */
static __inline __attribute__((always_inline)) __u64 vrrp_xdp_digest(const __u8* source, const void* message,
                                                                     __u32 length, __u8 family) {
    const __u32 needed = length < sizeof(struct vrrp_xdp_header)
                             ? length
                             : vrrp_xdp_message_bytes((const struct vrrp_xdp_header*)message, family);
    const __u8* bytes = (const __u8*)message;
    const __u32 end = length < needed ? length : needed;
    __u64 digest = length;
    __u32 offset;

    for (offset = 0; offset < 16; offset += VRRP_XDP_WORD_BYTES) {
        __u32 word;
        __builtin_memcpy(&word, source + offset, VRRP_XDP_WORD_BYTES);
        digest = vrrp_xdp_stir(digest, word);
    }
    for (offset = 0; offset + VRRP_XDP_WORD_BYTES <= VRRP_XDP_MESSAGE_MAX; offset += VRRP_XDP_WORD_BYTES) {
        __u32 word;
        if (offset + VRRP_XDP_WORD_BYTES > end) break;
        __builtin_memcpy(&word, bytes + offset, VRRP_XDP_WORD_BYTES);
        if (offset == VRRP_XDP_WORD_BYTES && length > needed)
            __builtin_memset((__u8*)&word + 2, 0, 2); /* the checksum */
        digest = vrrp_xdp_stir(digest, word);
    }
    return digest ? digest : 1;
}

/* Whether a message of version 2 carries what is configured: with simple text, exactly that type and that
 * text (RFC 2338 section 10.2); without, any data of no type, as RFC 3768 section 5.3.10 has it. The data
 * follows the addresses. */
static __inline __attribute__((always_inline)) int vrrp_xdp_is_authentic(
    const struct vrrp_xdp_header* header, const struct vrrp_xdp_packet* packet) {
    const __u8* data = (const __u8*)(header + 1) + header->address_count * 4u;
    __u32 offset, differing = 0;

    if (header->interval[0] != packet->authentication_type) return 0;
    if (packet->authentication_type == VRRP_XDP_NO_AUTHENTICATION) return 1;
    for (offset = 0; offset < VRRP_XDP_AUTHENTICATION_BYTES; ++offset)
        differing |= data[offset] ^ packet->authentication[offset];
    return differing == 0;
}

/* Of the word as it lies in the pseudo-header. */
static __inline __attribute__((always_inline)) __u32 vrrp_xdp_wire_word(__u32 number) {
    const __u8 bytes[2] = {(__u8)(number >> 8), (__u8)number};
    __u16 word;

    __builtin_memcpy(&word, bytes, sizeof(word));
    return word;
}

/* Whether the checksum is right. Section 5.2.8 sums the IPv4 message alone; the deployed base adds the
 * pseudo-header. Both are taken. sum: of what it covers; length: of the same. */
static __inline __attribute__((always_inline)) int vrrp_xdp_is_sum_right(const struct vrrp_xdp_packet* packet,
                                                                         __u32 version, __u64 sum,
                                                                         __u32 length) {
    const __u64 pseudo_header =
        (__u64)packet->pseudo_header_sum + vrrp_xdp_wire_word(length) - vrrp_xdp_wire_word(packet->length);

    return ((version == 2 || packet->family == VRRP_XDP_IPV4) && vrrp_xdp_fold(sum) == 0xffff) ||
           (version == 3 && vrrp_xdp_fold(sum + pseudo_header) == 0xffff);
}

/* The same of the whole packet; what lies behind the message is covered or left out. */
static __inline __attribute__((always_inline)) int vrrp_xdp_is_checksum_right(
    const void* message, const struct vrrp_xdp_packet* packet, __u32 version, __u32 needed) {
    if (vrrp_xdp_is_sum_right(packet, version, VRRP_XDP_SUM(message, needed), needed)) return 1;
    if (packet->length == needed || packet->length % VRRP_XDP_WORD_BYTES) return 0;
    return vrrp_xdp_is_sum_right(packet, version, VRRP_XDP_SUM(message, packet->length), packet->length);
}

/* message: at least min(packet->length, VRRP_XDP_MESSAGE_MAX) bytes. A longer one is not a VRRP message that
 * anybody sends, and is refused unread. */
static __inline __attribute__((always_inline)) int vrrp_xdp_judge(const void* message,
                                                                  const struct vrrp_xdp_packet* packet) {
    const struct vrrp_xdp_header* header = (const struct vrrp_xdp_header*)message;
    const __u8* first_address;
    __u32 version, needed;

    if (packet->forbidden_source) return VRRP_XDP_VR_source_address_errors;
    if (packet->ttl < packet->minimum_ttl) return VRRP_XDP_VR_ip_ttl_errors; /* section 5.1.1.3 */
    if (packet->length < sizeof(*header)) return VRRP_XDP_VR_packet_length_errors;

    version = header->version_type >> 4;
    if (!(packet->versions & VRRP_XDP_VERSION_BIT(version))) return VRRP_XDP_VR_version_errors;
    if ((header->version_type & 0xf) != VRRP_XDP_TYPE_ADVERTISEMENT)
        return VRRP_XDP_VR_invalid_type_pkts_rcvd;

    needed = vrrp_xdp_message_bytes(header, packet->family);
    if (packet->length < needed || packet->length > VRRP_XDP_MESSAGE_MAX)
        return VRRP_XDP_VR_packet_length_errors;

    if (!vrrp_xdp_is_checksum_right(message, packet, version, needed)) return VRRP_XDP_VR_checksum_errors;

    if (version == 2 && !vrrp_xdp_is_authentic(header, packet)) return VRRP_XDP_VR_authentication_errors;
    if (packet->refuses_signed &&
        vrrp_xdp_trailer_of(message, packet->length, packet->family) == VRRP_XDP_SIGNATURE)
        return VRRP_XDP_VR_signed_errors;
    if (header->address_count == 0) return VRRP_XDP_VR_address_count_errors; /* erratum 8299 */
    first_address = (const __u8*)(header + 1);
    if (packet->family == VRRP_XDP_IPV6 && !(first_address[0] == 0xfe && (first_address[1] & 0xc0) == 0x80))
        return VRRP_XDP_VR_first_address_errors; /* section 5.2.9, erratum 8300 */
    /* Of the first byte, version 3 has reserved the upper half, and version 2 all for the authentication. */
    if ((version == 2 || (header->interval[0] & 0xf) == 0) && header->interval[1] == 0)
        return VRRP_XDP_VR_zero_interval_errors; /* erratum 8301 */
    return VRRP_XDP_VALID;
}

#endif

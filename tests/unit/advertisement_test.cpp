// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/advertisement.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "builders.hpp"
#include "protocol/address_set.hpp"
#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::protocol {

// In messages of failed assertions.
static void PrintTo(Rejection rejection, std::ostream* out) {
    *out << "Rejection " << static_cast<int>(rejection);
}
static void PrintTo(const IpAddress& address, std::ostream* out) { *out << address.to_string(); }

namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kHeader = 8;

std::optional<Rejection> rejection(const Bytes& message, const Envelope& envelope) {
    const auto parsed = parse(message, envelope);
    return parsed ? std::nullopt : std::optional(parsed.error());
}

/// Written apart from the code under test: RFC 1071 §4.1. pseudo_header: what the checksum covers beside the
/// message.
void refresh_checksum(Bytes& message, const Bytes& pseudo_header = {}) {
    message[6] = message[7] = 0;
    std::uint32_t sum = 0;
    for (const Bytes& bytes : {pseudo_header, message})
        for (std::size_t i = 0; i < bytes.size(); ++i) sum += i % 2 ? bytes[i] : bytes[i] * 256U;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    message[6] = static_cast<std::uint8_t>(~sum >> 8);
    message[7] = static_cast<std::uint8_t>(~sum);
}

/// RFC 8200 §8.1.
Bytes ipv6_pseudo_header(const Envelope& envelope, std::size_t length) {
    Bytes bytes;
    for (const auto& address : {envelope.source, envelope.destination})
        bytes.insert(bytes.end(), address.bytes().begin(), address.bytes().end());
    for (const std::size_t byte : {std::size_t{0}, std::size_t{0}, length >> 8, length, std::size_t{0},
                                   std::size_t{0}, std::size_t{0}, std::size_t{112}})
        bytes.push_back(static_cast<std::uint8_t>(byte));
    return bytes;
}

/// A good message with some bytes changed and the checksum made right again.
Bytes altered(const Sample& sample, const std::function<void(Bytes&)>& alter) {
    Bytes message = sample.bytes();
    alter(message);
    const bool ipv6 = sample.family == Family::Ipv6;
    refresh_checksum(message, ipv6 ? ipv6_pseudo_header(sample.envelope(), message.size()) : Bytes{});
    return message;
}

constexpr Sample kMessageOnly{.checksum = ChecksumForm::MessageOnly};
constexpr Sample kVersion2{.version = Version::V2};
constexpr Sample kIpv6{.family = Family::Ipv6};

// ---- What is sent. The bytes are worked out by hand from the RFCs.

TEST(Serialize, V3_Ipv4_ChecksumOverTheMessageAlone_rfc9568_5_2_8) {
    const Bytes expected{0x31, 10, 100, 1, 0x00, 0x64, 0xa7, 0x91, 192, 0, 2, 254};
    EXPECT_EQ(kMessageOnly.bytes(), expected);
}

TEST(Serialize, V3_Ipv4_ChecksumWithPseudoHeader_AsDeployed) {
    const Bytes expected{0x31, 10, 100, 1, 0x00, 0x64, 0x05, 0x01, 192, 0, 2, 254};
    EXPECT_EQ(Sample{}.bytes(), expected);
}

TEST(Serialize, V3_Ipv6_ChecksumWithPseudoHeader_rfc9568_5_2_8) {
    Bytes expected{0x31, 10, 100, 1, 0x00, 0x64, 0x6c, 0xf2, 0xfe, 0x80};
    expected.resize(23);
    expected.push_back(0xfe);
    EXPECT_EQ(kIpv6.bytes(), expected);
}

TEST(Serialize, V3_Ipv6_ChecksumFormLeavesNoChoice_rfc9568_5_2_8) {
    Sample other = kIpv6;
    other.checksum = ChecksumForm::MessageOnly;
    EXPECT_EQ(other.bytes(), kIpv6.bytes());
}

TEST(Serialize, V2_EndsInEightZeroBytesOfAuthenticationData_rfc3768_5_3) {
    Bytes expected{0x21, 10, 100, 1, 0, 1, 0xb7, 0xf4, 192, 0, 2, 254};
    expected.resize(20);
    EXPECT_EQ(kVersion2.bytes(), expected);
    Sample other = kVersion2;
    other.checksum = ChecksumForm::MessageOnly;
    EXPECT_EQ(other.bytes(), expected) << "version 2 knows one form of checksum";
}

TEST(Serialize, V3_IntervalIsTwelveBitsOfCentisecondsBehindZeroReserve_rfc9568_5_2_6) {
    const auto field = [](Duration interval) {
        const Bytes message = Sample{.interval = interval}.bytes();
        return message[4] * 256 + message[5];
    };
    EXPECT_EQ(field(10ms), 1);
    EXPECT_EQ(field(2550ms), 0xff);
    EXPECT_EQ(field(2560ms), 0x100);
    EXPECT_EQ(field(40950ms), 0xfff);
}

TEST(AdvertisementGroup, IsTheAssignedMulticastAddress_rfc9568_5_1) {
    EXPECT_EQ(advertisement_group(Family::Ipv4), ip("224.0.0.18"));
    EXPECT_EQ(advertisement_group(Family::Ipv6), ip("ff02::12"));
}

// ---- What is accepted.

void expect_round_trip(const Sample& sample) {
    const Bytes message = sample.bytes();
    const auto parsed = parse(message, sample.envelope());
    ASSERT_TRUE(parsed) << testing::PrintToString(parsed.error());
    EXPECT_EQ(parsed->version, sample.version);
    EXPECT_EQ(parsed->vrid.value(), sample.vrid);
    EXPECT_EQ(parsed->priority, sample.priority);
    EXPECT_EQ(parsed->interval, sample.interval);
    EXPECT_EQ(parsed->source, sample.source());
    ASSERT_EQ(parsed->addresses.size(), sample.address_count);
    const auto addresses = sample.addresses();
    for (std::size_t i = 0; i < addresses.size(); ++i) EXPECT_EQ(parsed->addresses[i], addresses[i]);
}

TEST(Parse, ReadsWhatSerializeWrites) {
    for (const Sample& sample : samples()) expect_round_trip(sample);
}

TEST(Parse, TakesEveryPriority_rfc9568_5_2_4) {
    for (int value = 0; value <= 255; ++value)
        expect_round_trip({.priority = static_cast<std::uint8_t>(value)});
}

TEST(Parse, TakesEveryVrid_rfc9568_5_2_3) {
    for (int value = 1; value <= 255; ++value) expect_round_trip({.vrid = value});
}

TEST(Parse, TakesTheWholeRangeOfIntervals) {
    for (int centiseconds = 1; centiseconds <= 4095; ++centiseconds)
        expect_round_trip({.interval = centiseconds * 10ms});
    for (int seconds = 1; seconds <= 255; ++seconds)
        expect_round_trip({.version = Version::V2, .interval = std::chrono::seconds(seconds)});
}

TEST(Parse, Takes255Ipv4Addresses_rfc9568_5_2_5) {
    expect_round_trip({.address_count = 255});
    expect_round_trip({.checksum = ChecksumForm::MessageOnly, .address_count = 255});
    expect_round_trip({.version = Version::V2, .address_count = 255});
}

// As many as fit into an IPv6 packet of 1500 bytes.
TEST(Parse, Takes90Ipv6Addresses_AndNoMore) {
    Sample sample = kIpv6;
    sample.address_count = 90;
    expect_round_trip(sample);
    sample.address_count = 91;
    EXPECT_EQ(rejection(sample.bytes(), sample.envelope()), Rejection::Length);
}

TEST(Parse, RefusesAMessageLongerThanAny_ButLooksAtItsVersionAndTypeFirst) {
    for (const Sample& sample : {kMessageOnly, kVersion2, kIpv6}) {
        Bytes message = sample.bytes();
        message.resize(VRRP_XDP_MESSAGE_MAX + 1);
        EXPECT_EQ(rejection(message, sample.envelope()), Rejection::Length);
        const std::uint8_t version_and_type = message[0];
        message[0] = static_cast<std::uint8_t>((version_and_type & 0xf0) | 2);
        EXPECT_EQ(rejection(message, sample.envelope()), Rejection::Type);
        message[0] = static_cast<std::uint8_t>((version_and_type & 0xf) | 0x40);
        EXPECT_EQ(rejection(message, sample.envelope()), Rejection::Version);
    }
}

/// As keepalived 2.4.2 and later append it (draft-cassen-vrrp-auth-hmac).
Bytes with_signature(Bytes message, std::uint8_t key) {
    const std::array<std::uint8_t, 4> head{1, key, 0, 0};
    message.insert(message.end(), head.begin(), head.end());
    message.resize(message.size() + 24, 0x5a);
    return message;
}

TEST(Parse, KnowsWhoSigns_WhereTheChecksumLeavesTheSignatureOut) {
    for (const Sample& sample : samples()) {
        const auto signed_one = parse(with_signature(sample.bytes(), 7), sample.envelope());
        ASSERT_TRUE(signed_one);
        EXPECT_EQ(signed_one->signing_key, 7);
        EXPECT_EQ(signed_one->addresses.size(), sample.address_count);
        EXPECT_EQ(parse(sample.bytes(), sample.envelope())->signing_key, std::nullopt);
    }
}

TEST(Parse, TakesNothingElseBehindTheMessageForASignature) {
    const Bytes good = with_signature(kIpv6.bytes(), 7);
    for (const std::size_t at : {0U, 2U, 3U}) {
        Bytes other = good;
        other[good.size() - 28 + at] ^= 2;
        EXPECT_EQ(parse(other, kIpv6.envelope())->signing_key, std::nullopt);
    }
    for (const std::size_t size : {good.size() - 1, good.size() + 1, good.size() + 28}) {
        Bytes other = good;
        other.resize(size);
        EXPECT_EQ(parse(other, kIpv6.envelope())->signing_key, std::nullopt) << size;
    }
}

TEST(Digest, IsThatOfTheMessage_WhateverTheSignatureBehindIt) {
    for (const Sample& sample : samples()) {
        Bytes message = with_signature(sample.bytes(), 7);
        const auto followed = digest(sample.source(), message);
        message.back() ^= 1;
        message[6] ^= 1;  // the checksum, which may cover it
        EXPECT_EQ(digest(sample.source(), message), followed);
        message[2] ^= 1;  // the priority
        EXPECT_NE(digest(sample.source(), message), followed);
        EXPECT_NE(digest(sample.source(), sample.bytes()), followed);
    }
}

TEST(Parse, RefusesASourceThatNobodyMayHave_rfc1122_3_2_1_3_rfc4291_2_5) {
    for (const char* nobody : {"0.0.0.0", "127.0.0.1", "224.0.0.18", "255.255.255.255"}) {
        Envelope envelope = kMessageOnly.envelope();
        envelope.source = ip(nobody);
        EXPECT_EQ(rejection(kMessageOnly.bytes(), envelope), Rejection::SourceAddress) << nobody;
    }
    for (const char* nobody : {"::", "::1", "ff02::12"}) {
        Envelope envelope = kIpv6.envelope();
        envelope.source = ip(nobody);
        EXPECT_EQ(rejection(kIpv6.bytes(), envelope), Rejection::SourceAddress) << nobody;
    }
}

TEST(Parse, TakesEachLinkLocalFirstAddress_AndNoOther_erratum_8300) {
    for (unsigned first = 0; first < 0x10000; ++first) {
        const Bytes message = altered(kIpv6, [=](Bytes& bytes) {
            bytes[kHeader] = static_cast<std::uint8_t>(first >> 8);
            bytes[kHeader + 1] = static_cast<std::uint8_t>(first);
        });
        const bool link_local = first >= 0xfe80 && first <= 0xfebf;
        EXPECT_EQ(rejection(message, kIpv6.envelope()),
                  link_local ? std::nullopt : std::optional(Rejection::FirstAddress))
            << std::hex << first;
    }
}

// The others may be anything; the controller compares them.
TEST(Parse, LooksAtNoFurtherIpv6Address_rfc9568_5_2_9) {
    Sample sample = kIpv6;
    sample.address_count = 2;
    const Bytes message = altered(sample, [](Bytes& bytes) { bytes[kHeader + 16] = 0x20; });
    EXPECT_EQ(rejection(message, sample.envelope()), std::nullopt);
}

TEST(Parse, RefusesVersion2OverIpv6_rfc3768_5_2) {
    const Bytes message = altered(kIpv6, [](Bytes& bytes) {
        bytes[0] = 0x21;
        bytes[4] = 0;
        bytes[5] = 1;
        bytes.resize(bytes.size() + 8);
    });
    EXPECT_EQ(rejection(message, kIpv6.envelope()), Rejection::Version);
}

TEST(Parse, IgnoresReservedBits_rfc9568_5_2_6) {
    const Bytes message = altered(kMessageOnly, [](Bytes& bytes) { bytes[4] |= 0xf0; });
    const auto parsed = parse(message, kMessageOnly.envelope());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->interval, 1s);
}

// IP payload that the message does not use, as a sender may leave it behind the addresses.
TEST(Parse, IgnoresBytesBehindTheMessage_rfc9568_7_1) {
    for (const Sample& sample : {kMessageOnly, kVersion2}) {
        Bytes message = sample.bytes();
        for (int i = 0; i < 40; ++i) {
            message.push_back(static_cast<std::uint8_t>(0xa5 + i));
            const auto parsed = parse(message, sample.envelope());
            ASSERT_TRUE(parsed) << i;
            EXPECT_EQ(parsed->addresses.size(), sample.address_count);
        }
    }
}

TEST(Parse, V3_Ipv4_PseudoHeaderNamesBothAddresses_AsDeployed) {
    Envelope elsewhere = Sample{}.envelope();
    elsewhere.source = ip("192.0.2.2");
    EXPECT_EQ(rejection(Sample{}.bytes(), elsewhere), Rejection::Checksum);
    EXPECT_EQ(rejection(kMessageOnly.bytes(), elsewhere), std::nullopt);
    elsewhere = Sample{}.envelope();
    elsewhere.destination = ip("192.0.2.3");
    EXPECT_EQ(rejection(Sample{}.bytes(), elsewhere), Rejection::Checksum);
}

TEST(Parse, V3_Ipv6_RefusesAChecksumWithoutPseudoHeader_rfc9568_5_2_8) {
    Bytes message = kIpv6.bytes();
    refresh_checksum(message);
    EXPECT_EQ(rejection(message, kIpv6.envelope()), Rejection::Checksum);
}

// A version 2 message whose checksum covers the pseudo-header, too, is nobody's.
TEST(Parse, V2_RefusesAChecksumWithPseudoHeader_rfc3768_5_3_8) {
    Bytes message = kVersion2.bytes();
    const std::uint32_t pseudo_header = 0xc000 + 0x0201 + 0xe000 + 0x0012 + 112 + 20;
    std::uint32_t sum = static_cast<std::uint32_t>(~(message[6] << 8 | message[7]) & 0xffff) + pseudo_header;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    message[6] = static_cast<std::uint8_t>(~sum >> 8);
    message[7] = static_cast<std::uint8_t>(~sum);
    EXPECT_EQ(rejection(message, kVersion2.envelope()), Rejection::Checksum);
}

// ---- What is refused, and in which order.

/// A way to break one rule. Those that alter the message do it before its checksum is made.
struct Breach {
    Rejection rule;
    std::function<void(Bytes&)> alter = [](Bytes&) {};
    std::function<void(Bytes&, Envelope&)> spoil = [](Bytes&, Envelope&) {};
};

/// In the order of RFC 9568 §7.1; the authentication type is RFC 3768 §7.1's, where it follows the VRID.
const std::vector<Breach>& breaches() {
    static const std::vector<Breach> all{
        {.rule = Rejection::Ttl, .spoil = [](Bytes&, Envelope& envelope) { envelope.ttl = 254; }},
        {Rejection::Version,
         [](Bytes& bytes) { bytes[0] = static_cast<std::uint8_t>(0x40 | (bytes[0] & 0xf)); }},
        {Rejection::Type, [](Bytes& bytes) { bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0xf0) | 2); }},
        {.rule = Rejection::Length, .spoil = [](Bytes& bytes, Envelope&) { bytes.pop_back(); }},
        {.rule = Rejection::Checksum, .spoil = [](Bytes& bytes, Envelope&) { bytes[7] ^= 0x10; }},
        {Rejection::Vrid, [](Bytes& bytes) { bytes[1] = 0; }},
        {Rejection::Authentication, [](Bytes& bytes) { bytes[4] = 1; }},
        {Rejection::AddressCount,
         [](Bytes& bytes) {
             bytes[3] = 0;
             const int behind = bytes[0] >> 4 == 2 ? VRRP_XDP_AUTHENTICATION_BYTES : 0;
             bytes.erase(bytes.begin() + kHeader, bytes.end() - behind);
         }},
        {Rejection::FirstAddress,
         [](Bytes& bytes) {
             if (bytes.size() > kHeader) bytes[kHeader] = 0x20;
         }},
        {Rejection::ZeroInterval, [](Bytes& bytes) { bytes[5] = 0; }},
    };
    return all;
}

std::optional<Rejection> rejection_with(const Sample& sample, std::span<const Breach* const> broken) {
    Bytes message = altered(sample, [&](Bytes& bytes) {
        for (const Breach* breach : broken) breach->alter(bytes);
    });
    Envelope envelope = sample.envelope();
    for (const Breach* breach : broken) breach->spoil(message, envelope);
    return rejection(message, envelope);
}

bool applies(const Breach& breach, const Sample& sample) {
    if (breach.rule == Rejection::Authentication) return sample.version == Version::V2;
    return breach.rule != Rejection::FirstAddress || sample.family == Family::Ipv6;
}

TEST(Parse, NamesTheRuleThatIsBroken_rfc9568_7_1) {
    for (const Sample& sample : {kMessageOnly, kVersion2, kIpv6}) {
        for (const Breach& breach : breaches()) {
            if (!applies(breach, sample)) continue;
            const std::array broken{&breach};
            EXPECT_EQ(rejection_with(sample, broken), breach.rule);
        }
    }
}

TEST(Parse, NamesTheEarlierOfTwoBrokenRules_rfc9568_7_1) {
    for (const Sample& sample : {kMessageOnly, kVersion2, kIpv6}) {
        for (auto first = breaches().begin(); first != breaches().end(); ++first) {
            for (auto second = first + 1; second != breaches().end(); ++second) {
                if (!applies(*first, sample) || !applies(*second, sample)) continue;
                const std::array broken{&*first, &*second};
                EXPECT_EQ(rejection_with(sample, broken), first->rule)
                    << "together with " << testing::PrintToString(second->rule);
            }
        }
    }
}

TEST(Parse, RefusesEveryTtlBut255_rfc9568_5_1_1_3) {
    for (const Sample& sample : {Sample{}, kVersion2, kIpv6}) {
        for (int ttl = 0; ttl < 255; ++ttl) {
            Envelope envelope = sample.envelope();
            envelope.ttl = static_cast<std::uint8_t>(ttl);
            EXPECT_EQ(rejection(sample.bytes(), envelope), Rejection::Ttl);
        }
    }
}

TEST(Parse, RefusesEveryVersionButTwoAndThree_rfc9568_5_2_1) {
    for (unsigned version = 0; version < 16; ++version) {
        if (version == 2 || version == 3) continue;
        const Bytes message = altered(
            kMessageOnly, [=](Bytes& bytes) { bytes[0] = static_cast<std::uint8_t>(version << 4 | 1); });
        EXPECT_EQ(rejection(message, kMessageOnly.envelope()), Rejection::Version) << version;
    }
}

TEST(Parse, RefusesEveryTypeButAdvertisement_rfc9568_5_2_2) {
    for (unsigned type = 0; type < 16; ++type) {
        if (type == 1) continue;
        const Bytes message =
            altered(kMessageOnly, [=](Bytes& bytes) { bytes[0] = static_cast<std::uint8_t>(0x30 | type); });
        EXPECT_EQ(rejection(message, kMessageOnly.envelope()), Rejection::Type) << type;
    }
}

TEST(Parse, RefusesEveryTruncation_rfc9568_7_1) {
    for (const Sample& sample : samples()) {
        const Bytes whole = sample.bytes();
        for (std::size_t length = 0; length < whole.size(); ++length) {
            // A copy of its own, so that a sanitizer sees the first byte read too far.
            const Bytes message(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            EXPECT_EQ(rejection(message, sample.envelope()), Rejection::Length) << length;
        }
    }
}

TEST(Parse, RefusesMoreAddressesThanTheMessageHolds_rfc9568_7_1) {
    for (const Sample& sample : {kMessageOnly, kVersion2, kIpv6}) {
        for (int count = 2; count <= 255; ++count) {
            const Bytes message =
                altered(sample, [=](Bytes& bytes) { bytes[3] = static_cast<std::uint8_t>(count); });
            EXPECT_EQ(rejection(message, sample.envelope()), Rejection::Length) << count;
        }
    }
}

TEST(Parse, V3_RefusesIntervalZero_EvenWithReservedBitsSet_erratum_8301) {
    const Bytes message = altered(kMessageOnly, [](Bytes& bytes) {
        bytes[4] = 0xf0;
        bytes[5] = 0;
    });
    EXPECT_EQ(rejection(message, kMessageOnly.envelope()), Rejection::ZeroInterval);
}

TEST(Parse, V2_RefusesEveryAuthenticationTypeButNone_rfc3768_7_1) {
    for (unsigned type = 1; type < 256; ++type) {
        const Bytes message =
            altered(kVersion2, [=](Bytes& bytes) { bytes[4] = static_cast<std::uint8_t>(type); });
        EXPECT_EQ(rejection(message, kVersion2.envelope()), Rejection::Authentication) << type;
    }
}

constexpr SharedSecret kSecret{'s', 'e', 'c', 'r', 'e', 't'};

Bytes authenticated(const Sample& sample, std::size_t addresses = 1) {
    Sample several = sample;
    several.address_count = addresses;
    const auto list = several.addresses();
    return serialize({sample.version, vrid(sample.vrid), sample.priority, sample.interval, sample.checksum,
                      sample.source(), list, std::nullopt, kSecret});
}

TEST(Authentication, V2_SimpleTextIsItsTypeAndEightBytesBehindTheAddresses_rfc2338_5_3_6) {
    const Bytes expected{0x21, 10,  100, 1,   1,   1,   0x7a, 0xa8, 192, 0,
                         2,    254, 's', 'e', 'c', 'r', 'e',  't',  0,   0};
    EXPECT_EQ(authenticated(kVersion2), expected);
    EXPECT_EQ(authenticated(Sample{}), Sample{}.bytes()) << "version 3 has none";
}

TEST(Authentication, V2_TakesExactlyTheConfiguredText_rfc2338_10_2) {
    for (const std::size_t addresses : {1U, 5U, 250U}) {
        const Bytes message = authenticated(kVersion2, addresses);
        EXPECT_TRUE(parse(message, kVersion2.envelope(), kSecret));
        EXPECT_EQ(rejection(message, kVersion2.envelope()), Rejection::Authentication);
        for (std::size_t byte = 0; byte < kSecret.size(); ++byte) {
            SharedSecret other = kSecret;
            other[byte] ^= 0x80;
            const auto parsed = parse(message, kVersion2.envelope(), other);
            ASSERT_FALSE(parsed) << byte;
            EXPECT_EQ(parsed.error(), Rejection::Authentication);
        }
    }
    const auto none = parse(kVersion2.bytes(), kVersion2.envelope(), kSecret);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error(), Rejection::Authentication);
}

TEST(Authentication, V2_WithoutIt_IgnoresTheData_rfc3768_5_3_10) {
    const Bytes message = altered(kVersion2, [](Bytes& bytes) { bytes.back() = 1; });
    EXPECT_TRUE(parse(message, kVersion2.envelope()));
}

// A flip in the number of addresses or the version changes what the checksum covers, so the checksum alone
// promises nothing: what still parses must at least not pass for the message that was sent.
TEST(Parse, NeverTakesAFlippedBitForTheOriginal) {
    for (const Sample& sample : samples()) {
        Bytes message = sample.bytes();
        for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
            const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
            message[bit / 8] ^= mask;
            if (const auto parsed = parse(message, sample.envelope())) {
                const bool same =
                    parsed->version == sample.version && parsed->vrid.value() == sample.vrid &&
                    parsed->priority == sample.priority && parsed->interval == sample.interval &&
                    AddressSet(sample.addresses()).compare(parsed->addresses) == AddressSet::Overlap::All;
                EXPECT_FALSE(same) << "bit " << bit;
            }
            message[bit / 8] ^= mask;
        }
    }
}

}  // namespace
}  // namespace vrrp_xdp::protocol

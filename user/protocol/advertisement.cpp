// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/advertisement.hpp"

#include <algorithm>
#include <cstring>

#include "protocol/timers.hpp"
#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::protocol {
namespace {

using Centiseconds = std::chrono::duration<std::int64_t, std::centi>;

/// Ones' complement sum, unfolded, of 16-bit words as they lie in memory. bytes: an even number of them.
std::uint32_t sum_words(std::span<const std::uint8_t> bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        std::uint16_t word = 0;
        std::memcpy(&word, &bytes[i], sizeof(word));
        sum += word;
    }
    return sum;
}

/// The pseudo-header of RFC 8200 §8.1; IPv4 has the same words in another order, which a sum does not see.
std::uint32_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::size_t length) {
    const std::array<std::uint8_t, 4> rest{0, VRRP_XDP_IP_PROTOCOL, static_cast<std::uint8_t>(length >> 8),
                                           static_cast<std::uint8_t>(length)};
    return sum_words(source.bytes()) + sum_words(destination.bytes()) + sum_words(rest);
}

/// Version 2 knows nothing of IPv6.
std::uint8_t versions_of(Family family) {
    return family == Family::Ipv4 ? VRRP_XDP_VERSION_BIT(2) | VRRP_XDP_VERSION_BIT(3)
                                  : VRRP_XDP_VERSION_BIT(3);
}

std::uint8_t is_forbidden_source(const IpAddress& source) {
    const std::uint8_t* const bytes = source.bytes().data();
    const int forbidden = source.family() == Family::Ipv4 ? vrrp_xdp_forbids_ipv4_source(bytes)
                                                          : vrrp_xdp_forbids_ipv6_source(bytes);
    return forbidden != 0 ? 1 : 0;
}

/// message: a valid one.
std::optional<std::uint8_t> signing_key(std::span<const std::uint8_t> message, Family family) {
    const auto length = static_cast<std::uint32_t>(message.size());
    if (vrrp_xdp_trailer_of(message.data(), length, static_cast<std::uint8_t>(family)) != VRRP_XDP_SIGNATURE)
        return std::nullopt;
    vrrp_xdp_signature signature{};
    std::memcpy(&signature, message.last(sizeof(signature)).data(), sizeof(signature));
    return signature.key_id;
}

Duration interval_of(const vrrp_xdp_header& header, Version version) {
    if (version == Version::V2) return std::chrono::seconds(header.interval[1]);
    return Centiseconds((header.interval[0] & 0xf) << 8 | header.interval[1]);
}

void set_interval(vrrp_xdp_header& header, Version version, Duration interval) {
    if (version == Version::V2) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(interval).count();
        header.interval[1] = static_cast<std::uint8_t>(seconds);
        return;
    }
    const auto centiseconds =
        std::chrono::duration_cast<Centiseconds>(interval_on_the_wire(interval)).count();
    header.interval[0] = static_cast<std::uint8_t>(centiseconds >> 8);
    header.interval[1] = static_cast<std::uint8_t>(centiseconds);
}

}  // namespace

IpAddress advertisement_group(Family family) {
    static constexpr std::array<std::uint8_t, 4> ipv4{224, 0, 0, 18};
    static constexpr std::array<std::uint8_t, 16> ipv6{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12};
    return family == Family::Ipv4 ? IpAddress::from_bytes(ipv4) : IpAddress::from_bytes(ipv6);
}

tl::expected<Advertisement, Rejection> parse(std::span<const std::uint8_t> message, const Envelope& envelope,
                                             const std::optional<SharedSecret>& secret) {
    const Family family = envelope.source.family();
    vrrp_xdp_packet packet{
        .length = static_cast<std::uint32_t>(message.size()),
        .pseudo_header_sum = pseudo_header_sum(envelope.source, envelope.destination, message.size()),
        .ttl = envelope.ttl,
        .minimum_ttl = 255,
        .family = static_cast<std::uint8_t>(family),
        .versions = versions_of(family),
        .authentication_type = VRRP_XDP_NO_AUTHENTICATION,
        .forbidden_source = is_forbidden_source(envelope.source),
        .refuses_signed = 0,
        .zero = 0,
        .authentication = {},
    };
    if (secret) {
        packet.authentication_type = VRRP_XDP_SIMPLE_TEXT;
        std::copy(secret->begin(), secret->end(), packet.authentication);
    }
    const int judgement = vrrp_xdp_judge(message.data(), &packet);
    const bool valid = judgement == VRRP_XDP_VALID;
    const auto refusal = tl::unexpected(static_cast<Rejection>(judgement));
    if (!valid && judgement < VRRP_XDP_VR_vrid_errors) return refusal;

    vrrp_xdp_header header{};
    std::memcpy(&header, message.data(), sizeof(header));
    const auto vrid = Vrid::from(header.vrid);
    if (!vrid) return tl::unexpected(Rejection::Vrid);
    if (!valid) return refusal;

    const auto version = static_cast<Version>(header.version_type >> 4);
    const std::size_t width = family == Family::Ipv4 ? 4 : 16;
    return Advertisement{
        .version = version,
        .vrid = *vrid,
        .priority = header.priority,
        .interval = interval_of(header, version),
        .source = envelope.source,
        .addresses = {family, message.subspan(sizeof(header), header.address_count * width)},
        .signing_key = signing_key(message, family),
    };
}

std::vector<std::uint8_t> serialize(const OutgoingAdvertisement& announcement) {
    vrrp_xdp_header header{};
    header.version_type = static_cast<std::uint8_t>(static_cast<unsigned>(announcement.version) << 4 |
                                                    VRRP_XDP_TYPE_ADVERTISEMENT);
    header.vrid = announcement.vrid.value();
    header.priority = announcement.priority;
    header.address_count = static_cast<std::uint8_t>(announcement.addresses.size());
    set_interval(header, announcement.version, announcement.interval);
    const bool is_version2 = announcement.version == Version::V2;
    if (is_version2 && announcement.secret) header.interval[0] = VRRP_XDP_SIMPLE_TEXT;

    std::vector<std::uint8_t> message(sizeof(header));
    std::memcpy(message.data(), &header, sizeof(header));
    for (const IpAddress& address : announcement.addresses)
        message.insert(message.end(), address.bytes().begin(), address.bytes().end());
    if (is_version2) {
        const SharedSecret data = announcement.secret.value_or(SharedSecret{});
        message.insert(message.end(), data.begin(), data.end());
    }

    const Family family = announcement.source.family();
    std::uint32_t sum = sum_words(message);
    if (announcement.version == Version::V3 &&
        (family == Family::Ipv6 || announcement.checksum == ChecksumForm::PseudoHeader))
        sum +=
            pseudo_header_sum(announcement.source,
                              announcement.destination.value_or(advertisement_group(family)), message.size());
    const auto checksum = static_cast<std::uint16_t>(~vrrp_xdp_fold(sum));
    std::memcpy(&message[offsetof(vrrp_xdp_header, checksum)], &checksum, sizeof(checksum));
    return message;
}

std::uint64_t digest(const IpAddress& source, std::span<const std::uint8_t> message) {
    std::array<std::uint8_t, 16> bytes{};
    std::copy(source.bytes().begin(), source.bytes().end(), bytes.begin());
    return vrrp_xdp_digest(bytes.data(), message.data(), static_cast<std::uint32_t>(message.size()),
                           static_cast<std::uint8_t>(source.family()));
}

}  // namespace vrrp_xdp::protocol

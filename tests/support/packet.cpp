// SPDX-License-Identifier: BSD-2-Clause
#include "support/packet.hpp"

#include <algorithm>
#include <cstdio>
#include <span>
#include <string>

namespace vrrp_xdp::test {
namespace {

constexpr std::size_t kIpv4HeaderBytes = 20;
constexpr std::size_t kIpv4ChecksumAt = 10;
constexpr std::size_t kIcmpv6ChecksumAt = 2;
constexpr std::size_t kVrrpChecksumAt = 6;

void put(Bytes& bytes, std::uint8_t value) { bytes.push_back(value); }

void put(Bytes& bytes, std::uint16_t value) {
    put(bytes, static_cast<std::uint8_t>(value >> 8));
    put(bytes, static_cast<std::uint8_t>(value));
}

void put(Bytes& bytes, std::span<const std::uint8_t> value) {
    bytes.insert(bytes.end(), value.begin(), value.end());
}

std::uint8_t nibbles(unsigned upper, unsigned lower) {
    return static_cast<std::uint8_t>(upper << 4 | (lower & 0xf));
}

/// RFC 1071 section 4.1, written apart from the code under test. bytes: where the checksum itself is still 0.
std::uint16_t internet_checksum(const Bytes& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += i % 2 == 0 ? static_cast<std::uint32_t>(bytes[i] << 8) : bytes[i];
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

/// pseudo_header: what the checksum covers in front of the bytes.
void set_checksum(Bytes& bytes, std::size_t at, std::uint16_t error, const Bytes& pseudo_header = {}) {
    Bytes covered = pseudo_header;
    put(covered, bytes);
    const auto checksum = static_cast<std::uint16_t>(internet_checksum(covered) + error);
    bytes[at] = static_cast<std::uint8_t>(checksum >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(checksum);
}

/// RFC 8200 section 8.1; length: of the payload, behind all extension headers.
Bytes pseudo_header_of(const Ipv6& envelope, std::size_t length) {
    Bytes bytes;
    put(bytes, envelope.source.bytes());
    put(bytes, envelope.destination.bytes());
    put(bytes, static_cast<std::uint16_t>(length >> 16));
    put(bytes, static_cast<std::uint16_t>(length));
    put(bytes, std::uint16_t{0});
    put(bytes, std::uint16_t{envelope.protocol});
    return bytes;
}

/// With a checksum of 0.
Bytes unsummed(const Vrrp& vrrp) {
    Bytes bytes;
    put(bytes, nibbles(vrrp.version, vrrp.type));
    put(bytes, vrrp.vrid);
    put(bytes, vrrp.priority);
    put(bytes, vrrp.address_count.value_or(static_cast<std::uint8_t>(vrrp.addresses.size())));
    put(bytes, vrrp.interval);
    put(bytes, std::uint16_t{0});
    for (const IpAddress& address : vrrp.addresses) put(bytes, address.bytes());
    put(bytes, vrrp.tail);
    return bytes;
}

}  // namespace

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

MacAddress mac(std::string_view text) {
    MacAddress address;
    for (std::size_t i = 0; i < address.bytes.size(); ++i)
        address.bytes[i] =
            static_cast<std::uint8_t>(std::stoi(std::string(text.substr(3 * i, 2)), nullptr, 16));
    return address;
}

MacAddress ipv4_virtual_mac(std::uint8_t vrid) {
    return MacAddress::of_virtual_router(protocol::Vrid::from(vrid).value(), protocol::Family::Ipv4);
}

MacAddress ipv6_virtual_mac(std::uint8_t vrid) {
    return MacAddress::of_virtual_router(protocol::Vrid::from(vrid).value(), protocol::Family::Ipv6);
}

Bytes Ethernet::frame(std::uint16_t ethertype, const Bytes& payload) const {
    Bytes bytes;
    put(bytes, destination.bytes);
    put(bytes, source.bytes);
    for (const Tag& tag : tags) {
        put(bytes, tag.ethertype);
        put(bytes, static_cast<std::uint16_t>(tag.priority << 13 | tag.id));
    }
    put(bytes, ethertype);
    put(bytes, payload);
    return bytes;
}

Bytes Arp::bytes() const {
    Bytes packet;
    put(packet, hardware);
    put(packet, protocol);
    put(packet, mac_bytes);
    put(packet, ip_bytes);
    put(packet, operation);
    put(packet, sender_mac.bytes);
    put(packet, sender_ip.bytes());
    put(packet, target_mac.bytes);
    put(packet, target_ip.bytes());
    return packet;
}

Bytes Ipv4::packet(const Bytes& payload) const {
    const std::size_t header_bytes = kIpv4HeaderBytes + options.size();
    Bytes header;
    put(header, nibbles(version, ihl.value_or(static_cast<std::uint8_t>(header_bytes / 4))));
    put(header, tos);
    put(header, total_length.value_or(static_cast<std::uint16_t>(header_bytes + payload.size())));
    put(header, std::uint16_t{0x1234});  // identification
    put(header, fragment);
    put(header, ttl);
    put(header, protocol);
    put(header, std::uint16_t{0});
    put(header, source.bytes());
    put(header, destination.bytes());
    put(header, options);
    set_checksum(header, kIpv4ChecksumAt, checksum_error);
    put(header, payload);
    return header;
}

Bytes Ipv6::packet(const Bytes& payload) const {
    Bytes chain;
    for (auto extension = extensions.begin(); extension != extensions.end(); ++extension) {
        const auto next = extension + 1;
        put(chain, next == extensions.end() ? protocol : next->protocol);
        put(chain, extension->length.value_or(static_cast<std::uint8_t>(extension->body.size() / 8)));
        put(chain, extension->body);
    }
    Bytes bytes;
    put(bytes, nibbles(version, 0));
    put(bytes, Bytes(3));  // the rest of the traffic class, and the flow label
    put(bytes, payload_length.value_or(static_cast<std::uint16_t>(chain.size() + payload.size())));
    put(bytes, extensions.empty() ? protocol : extensions.front().protocol);
    put(bytes, hop_limit);
    put(bytes, source.bytes());
    put(bytes, destination.bytes());
    put(bytes, chain);
    put(bytes, payload);
    return bytes;
}

Bytes Icmpv6::message(const Ipv6& envelope) const {
    Bytes bytes{type, code, 0, 0};
    put(bytes, body);
    set_checksum(bytes, kIcmpv6ChecksumAt, checksum_error, pseudo_header_of(envelope, bytes.size()));
    return bytes;
}

Bytes neighbour_body(const IpAddress& target, const Bytes& options, std::uint8_t flags) {
    Bytes bytes{flags, 0, 0, 0};
    put(bytes, target.bytes());
    put(bytes, options);
    return bytes;
}

Bytes nd_option(std::uint8_t type, const MacAddress& address) {
    Bytes bytes{type, 1};
    put(bytes, address.bytes);
    return bytes;
}

Bytes Vrrp::message() const {
    Bytes bytes = unsummed(*this);
    set_checksum(bytes, kVrrpChecksumAt, checksum_error);
    return bytes;
}

Bytes Vrrp::message_summed_with(const Ipv4& envelope) const {
    Bytes bytes = unsummed(*this);
    Bytes pseudo_header;
    put(pseudo_header, envelope.source.bytes());
    put(pseudo_header, envelope.destination.bytes());
    put(pseudo_header, std::uint16_t{envelope.protocol});
    put(pseudo_header, static_cast<std::uint16_t>(bytes.size()));
    set_checksum(bytes, kVrrpChecksumAt, checksum_error, pseudo_header);
    return bytes;
}

Bytes Vrrp::message_summed_with(const Ipv6& envelope) const {
    Bytes bytes = unsummed(*this);
    set_checksum(bytes, kVrrpChecksumAt, checksum_error, pseudo_header_of(envelope, bytes.size()));
    return bytes;
}

Bytes joined(Bytes first, const Bytes& second) {
    put(first, second);
    return first;
}

Bytes padded(Bytes frame) {
    constexpr std::size_t minimum = 60;
    frame.resize(std::max(frame.size(), minimum));
    return frame;
}

}  // namespace vrrp_xdp::test

// SPDX-License-Identifier: BSD-2-Clause
// Any bytes are refused by a rule, or are an advertisement whose parts lie within them.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "protocol/advertisement.hpp"

namespace {

using namespace vrrp_xdp::protocol;

/// RFC 1071, over the message alone: what version 2 and version 3 over IPv4 may have.
std::uint16_t checksum_of(std::span<const std::uint8_t> message) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < message.size(); ++at)
        sum += at % 2 == 0 ? static_cast<std::uint32_t>(message[at]) << 8 : message[at];
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

/// Else nearly no input would get past the checksum.
void mend_checksum(std::span<std::uint8_t> message) {
    if (message.size() < 8) return;
    message[6] = message[7] = 0;
    const std::uint16_t checksum = checksum_of(message);
    message[6] = static_cast<std::uint8_t>(checksum >> 8);
    message[7] = static_cast<std::uint8_t>(checksum & 0xff);
}

void check_parts(const Advertisement& advertisement, std::size_t size) {
    if (advertisement.addresses.size() == 0 || advertisement.addresses.size() * 4 > size) std::abort();
    for (std::size_t at = 0; at < advertisement.addresses.size(); ++at)
        if (advertisement.addresses[at].to_string().empty()) std::abort();
}

}  // namespace

/// The first byte says of which family the packet is and what its TTL; the rest is the message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool is_ipv6 = (data[0] & 1) != 0;
    // The program's messages lie somewhere, even when they are empty.
    std::vector<std::uint8_t> message;
    message.reserve(1);
    message.assign(data + 1, data + size);
    if (!is_ipv6) mend_checksum(message);
    const Envelope envelope{
        .source = *IpAddress::parse(is_ipv6 ? "fe80::1" : "192.0.2.1"),
        .destination = advertisement_group(is_ipv6 ? Family::Ipv6 : Family::Ipv4),
        .ttl = static_cast<std::uint8_t>((data[0] & 2) != 0 ? 254 : 255),
    };
    if (const auto advertisement = parse(message, envelope)) check_parts(*advertisement, message.size());
    if (digest(envelope.source, message) == 0) std::abort();
    return 0;
}

// SPDX-License-Identifier: BSD-2-Clause
// The VRRP message: bytes to a value and back (RFC 9568 §5.2, RFC 3768 §5.3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <tl/expected.hpp>
#include <vector>

#include "protocol/types.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::protocol {

/// The virtual addresses that a message lists, read where they lie.
class AddressList {
  public:
    /// bytes: size × 4 or × 16 of them, which must outlive the list.
    AddressList(Family family, std::span<const std::uint8_t> bytes) : family_(family), bytes_(bytes) {}
    std::size_t size() const { return bytes_.size() / width(); }
    IpAddress operator[](std::size_t index) const {
        return IpAddress::from_bytes(bytes_.subspan(index * width(), width()));
    }
    std::span<const std::uint8_t> bytes() const { return bytes_; }
    /// Returns the size of an address in bytes.
    std::size_t width() const { return family_ == Family::Ipv4 ? 4 : 16; }

  private:
    Family family_;
    std::span<const std::uint8_t> bytes_;
};

/// An advertisement that passed every rule which needs no knowledge of the receiving Virtual Router.
struct Advertisement {
    Version version;
    Vrid vrid;
    std::uint8_t priority;  ///< 0 when the Active Router is leaving
    Duration interval;      ///< Max Advertise Interval (v3) or Advertisement Interval (v2)
    IpAddress source;
    AddressList addresses;                      ///< lies in the message that was parsed
    std::optional<std::uint8_t> signing_key{};  ///< of a signature behind it, which nobody has verified
};

/// The first rule of RFC 9568 §7.1 that a message broke; the values are those of VRRP_XDP_REJECTIONS.
enum class Rejection : std::uint8_t {
    SourceAddress = VRRP_XDP_VR_source_address_errors,
    Ttl = VRRP_XDP_VR_ip_ttl_errors,
    Version = VRRP_XDP_VR_version_errors,
    Type = VRRP_XDP_VR_invalid_type_pkts_rcvd,
    Length = VRRP_XDP_VR_packet_length_errors,
    Checksum = VRRP_XDP_VR_checksum_errors,
    Vrid = VRRP_XDP_VR_vrid_errors,
    Signed = VRRP_XDP_VR_signed_errors,
    Authentication = VRRP_XDP_VR_authentication_errors,
    AddressCount = VRRP_XDP_VR_address_count_errors,
    FirstAddress = VRRP_XDP_VR_first_address_errors,
    ZeroInterval = VRRP_XDP_VR_zero_interval_errors,
};

/// The IP packet around a VRRP message.
struct Envelope {
    IpAddress source;
    IpAddress destination;
    std::uint8_t ttl;  ///< or hop limit
};

/// Returns the group that advertisements go to: 224.0.0.18 or ff02::12 (RFC 9568 §5.1).
IpAddress advertisement_group(Family family);

/// Simple text authentication of version 2: padded with zeros at the end (RFC 2338 §5.3.6).
using SharedSecret = std::array<std::uint8_t, VRRP_XDP_AUTHENTICATION_BYTES>;

/// Parses a message. message: the IP payload, without Ethernet padding; the result points into it. secret:
/// the text of version 2's authentication; nothing: no authentication.
tl::expected<Advertisement, Rejection> parse(std::span<const std::uint8_t> message, const Envelope& envelope,
                                             const std::optional<SharedSecret>& secret = std::nullopt);

/// Whether the checksum of a version 3 IPv4 message covers the pseudo-header as well (RFC 9568 §5.2.8 says
/// no, the deployed base says yes). Version 2 and IPv6 leave no choice.
enum class ChecksumForm : std::uint8_t { PseudoHeader, MessageOnly };

/// What an advertisement of ours says.
struct OutgoingAdvertisement {
    Version version;
    Vrid vrid;
    std::uint8_t priority;  ///< 0 to leave
    Duration interval;  ///< a multiple of 10 ms up to 40.95 s, or less, which passes for 10 ms (v3); whole
                        ///< seconds up to 255 s (v2)
    ChecksumForm checksum;
    IpAddress source;
    std::span<const IpAddress> addresses;    ///< of the family of source: 1 to 255 of IPv4, 1 to 90 of IPv6
    std::optional<IpAddress> destination{};  ///< the group, if nothing else
    std::optional<SharedSecret> secret{};    ///< version 2 alone
};

std::vector<std::uint8_t> serialize(const OutgoingAdvertisement& announcement);

/// Returns the digest by which the data plane recognises a message, never 0; from the same source, the same
/// digest is the same message.
std::uint64_t digest(const IpAddress& source, std::span<const std::uint8_t> message);

}  // namespace vrrp_xdp::protocol

// SPDX-License-Identifier: BSD-2-Clause
#include "net/advertisement_size.hpp"

#include "vrrp_xdp/advertisement.h"

namespace vrrp_xdp::net {
namespace {

using protocol::Family;

std::size_t address_bytes(Family family) { return family == Family::Ipv4 ? 4 : 16; }

}  // namespace

std::size_t advertisement_bytes(protocol::Version version, Family family, std::size_t addresses) {
    const std::size_t ip_header = family == Family::Ipv4 ? 20 : 40;
    // Version 2 ends in authentication data (RFC 3768 §5.3.10).
    const std::size_t trailer = version == protocol::Version::V2 ? VRRP_XDP_AUTHENTICATION_BYTES : 0;
    return ip_header + sizeof(vrrp_xdp_header) + addresses * address_bytes(family) + trailer;
}

std::size_t room_for_addresses(Family family, unsigned mtu) {
    const std::size_t rest = advertisement_bytes(protocol::Version::V3, family, 0);
    return mtu < rest ? 0 : (mtu - rest) / address_bytes(family);
}

}  // namespace vrrp_xdp::net

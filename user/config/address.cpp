// SPDX-License-Identifier: BSD-2-Clause
// Which addresses a Virtual Router can have.
#include <cstdint>

#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::IpAddress;

/// What an IPv4 address is instead of a router's, or nothing. address: IPv4.
std::optional<std::string_view> unusable_as(const IpAddress& address) {
    const std::uint8_t first = address.bytes().front();
    if (address == IpAddress::parse("255.255.255.255")) return "it is the broadcast address";
    if (address == IpAddress::parse("0.0.0.0")) return "it is no host's address";
    if (first == 0) return "addresses that begin with 0 belong to no host";
    if (first == 127) return "it is a loopback address";
    if (first >= 224 && first <= 239) return "it is a multicast address";
    return std::nullopt;
}

Parsed<IpAddress> refused(std::string_view why = {}) { return tl::unexpected<std::string>(std::string(why)); }

Parsed<IpAddress> parse_address(const Scalar& scalar) {
    const std::size_t slash = scalar.text.find('/');
    const auto address = IpAddress::parse(std::string_view(scalar.text).substr(0, slash));
    if (!address) return refused();
    if (slash != std::string::npos)
        return refused("leave the prefix length out, write " + address->to_string());
    if (address->family() == Family::Ipv6) return *address;
    if (const auto why = unusable_as(*address)) return refused(*why);
    return *address;
}

}  // namespace

const Form<IpAddress> address_form{"an IPv4 address such as 192.0.2.254", parse_address};

}  // namespace vrrp_xdp::config

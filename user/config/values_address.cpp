// SPDX-License-Identifier: BSD-2-Clause
// Which addresses a Virtual Router can have.
#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "config/values.hpp"

namespace vrrp_xdp::config {
namespace {

using protocol::Family;
using protocol::IpAddress;

/// Why an IPv4 address is not a router's, or nothing.
std::string ipv4_objection(const IpAddress& address) {
    const std::uint8_t first = address.bytes().front();
    if (address == IpAddress::parse("255.255.255.255")) return "it is the broadcast address";
    if (address == IpAddress::parse("0.0.0.0")) return "it is the unspecified address";
    if (first == 0) return "hosts have no addresses in 0.0.0.0/8";
    if (first == 127) return "it is a loopback address";
    if (first >= 224 && first <= 239) return "it is a multicast address";
    return {};
}

/// ::ffff:0:0/96, RFC 4291 §2.5.5.2
bool is_ipv4_mapped(const IpAddress& address) {
    constexpr std::array<std::uint8_t, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::equal(prefix.begin(), prefix.end(), address.bytes().begin());
}

/// Why an IPv6 address is not a router's, or nothing.
std::string ipv6_objection(const IpAddress& address) {
    if (address == IpAddress::parse("::")) return "it is the unspecified address";
    if (address == IpAddress::parse("::1")) return "it is the loopback address";
    if (address.bytes().front() == 0xff) return "it is a multicast address";
    if (is_ipv4_mapped(address)) {
        const auto ipv4 = IpAddress::from_bytes(address.bytes().last(4));
        return "it is an IPv4-mapped address, write " + ipv4.to_string();
    }
    return {};
}

tl::unexpected<std::string> refused(std::string why = {}) {
    return tl::unexpected<std::string>(std::move(why));
}

/// Where the address ends and a prefix length or a zone begins.
std::size_t end_of_address(std::string_view text) { return std::min(text.find_first_of("/%"), text.size()); }

Parsed<IpAddress> parse_address(const Scalar& scalar) {
    const std::string_view text = scalar.text;
    const std::size_t end = end_of_address(text);
    const auto address = IpAddress::parse(text.substr(0, end));
    if (!address) return refused();
    std::string objection =
        address->family() == Family::Ipv4 ? ipv4_objection(*address) : ipv6_objection(*address);
    if (!objection.empty()) return refused(std::move(objection));
    if (end == text.size()) return *address;
    const std::string excess = text[end] == '/' ? "the prefix length" : "the zone";
    return refused("remove " + excess + ", write " + address->to_string());
}

}  // namespace

const Form<IpAddress> address_form{"an address such as 192.0.2.254 or 2001:db8::1", parse_address};

std::optional<Family> family_spelt(std::string_view text) {
    const auto address = IpAddress::parse(text.substr(0, end_of_address(text)));
    if (!address) return std::nullopt;
    return address->family();
}

}  // namespace vrrp_xdp::config

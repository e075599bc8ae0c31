// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/types.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdio>

namespace vrrp_xdp::protocol {

IpAddress IpAddress::from_bytes(std::span<const std::uint8_t> bytes) {
    std::array<std::uint8_t, 16> copy{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), copy.size()), copy.begin());
    return {bytes.size() == 4 ? Family::Ipv4 : Family::Ipv6, copy};
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return std::nullopt;  // where inet_pton() would stop
    const std::string terminated(text);
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) return IpAddress(Family::Ipv4, bytes);
    if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return IpAddress(Family::Ipv6, bytes);
    return std::nullopt;
}

std::string IpAddress::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family_ == Family::Ipv4 ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
    return text.data();
}

MacAddress MacAddress::of_virtual_router(Vrid vrid, Family family) {
    const std::uint8_t kind = family == Family::Ipv4 ? 1 : 2;
    return {{0x00, 0x00, 0x5e, 0x00, kind, vrid.value()}};
}

std::string MacAddress::to_string() const {
    std::array<char, 18> text{};
    std::snprintf(text.data(), text.size(), "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2],
                  bytes[3], bytes[4], bytes[5]);
    return text.data();
}

}  // namespace vrrp_xdp::protocol

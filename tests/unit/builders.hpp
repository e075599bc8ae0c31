// SPDX-License-Identifier: BSD-2-Clause
// Short spellings for the protocol's values, and messages that differ from a good one in a single respect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "protocol/advertisement.hpp"

namespace vrrp_xdp::protocol {

inline IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }
inline Vrid vrid(int value) { return Vrid::from(value).value(); }
inline Priority priority(int value) { return Priority::from(value).value(); }

inline constexpr std::uint8_t kFarewell = 0;

/// A message as serialize() makes it; what a test does not name is ordinary.
struct Sample {
    Version version = Version::V3;
    Family family = Family::Ipv4;
    ChecksumForm checksum = ChecksumForm::PseudoHeader;
    int vrid = 10;
    std::uint8_t priority = 100;
    Duration interval = std::chrono::seconds(1);
    std::size_t address_count = 1;

    /// 192.0.2.254 or fe80::fe, and those that count down from it.
    std::vector<IpAddress> addresses() const {
        std::vector<IpAddress> list;
        for (std::size_t i = 0; i < address_count; ++i) {
            const auto last = static_cast<std::uint8_t>(254 - i);
            std::vector<std::uint8_t> bytes{192, 0, 2, last};
            if (family == Family::Ipv6) bytes = {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last};
            list.push_back(IpAddress::from_bytes(bytes));
        }
        return list;
    }

    IpAddress source() const { return ip(family == Family::Ipv4 ? "192.0.2.1" : "fe80::1"); }

    Envelope envelope() const { return {source(), advertisement_group(family), 255}; }

    std::vector<std::uint8_t> bytes() const {
        const auto list = addresses();
        return serialize({version, protocol::vrid(vrid), priority, interval, checksum, source(), list});
    }
};

/// One of every shape that a message can have on the wire.
inline std::vector<Sample> samples() {
    return {
        {},
        {.checksum = ChecksumForm::MessageOnly},
        {.version = Version::V2},
        {.family = Family::Ipv6},
        {.address_count = 3},
        {.version = Version::V2, .address_count = 5},
        {.family = Family::Ipv6, .address_count = 2},
        {.priority = kFarewell},
        {.version = Version::V2, .priority = kFarewell, .interval = std::chrono::seconds(255)},
        {.vrid = 255, .priority = 255, .interval = std::chrono::milliseconds(40950)},
    };
}

}  // namespace vrrp_xdp::protocol

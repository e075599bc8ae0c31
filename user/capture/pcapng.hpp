// SPDX-License-Identifier: BSD-2-Clause
// Blocks of a pcapng file: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace vrrp_xdp::capture::pcapng {

/// Since 1970, UTC.
using Time = std::chrono::nanoseconds;

enum class Direction : std::uint8_t { Inbound = 1, Outbound = 2 };

/// The first block of a file. application: what writes it.
std::string section_header(std::string_view application);

/// An Ethernet interface, with times in nanoseconds. Interfaces are numbered from 0 in the order of these
/// blocks.
std::string interface_description(std::string_view name, std::string_view description,
                                  std::uint32_t snap_length);

struct Packet {
    std::uint32_t interface = 0;
    Time time{};
    std::span<const std::uint8_t> bytes{};  ///< that were captured
    std::uint32_t length = 0;               ///< of the whole frame
    Direction direction = Direction::Inbound;
    std::string_view comment{};
};
std::string enhanced_packet(const Packet& packet);

struct Statistics {
    std::uint32_t interface = 0;
    Time time{};
    std::uint64_t written = 0;  ///< packets of this interface that are in the file
    std::uint64_t lost = 0;     ///< and those that are not, because the reader was too slow
    std::string_view comment{};
};
std::string interface_statistics(const Statistics& statistics);

}  // namespace vrrp_xdp::capture::pcapng

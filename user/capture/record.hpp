// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "support/result.hpp"
#include "vrrp_xdp/capture.h"

namespace vrrp_xdp::capture {

/// A captured frame as it was on the wire, and what became of it.
struct Record {
    std::uint64_t time_ns = 0;  ///< of CLOCK_BOOTTIME
    vrrp_xdp_vlan vlan{};
    bool outbound = false;
    std::uint32_t length = 0;         ///< of the whole frame
    std::vector<std::uint8_t> bytes;  ///< that were captured, with all VLAN tags
    std::string comment;              ///< "vrid 10 ipv4 consumed: advertisement-rcvd"
};

/// What the programs report. Fails where it is not what they would.
Result<Record> read_record(std::span<const std::uint8_t> reported);

}  // namespace vrrp_xdp::capture

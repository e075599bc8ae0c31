// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

namespace vrrp_xdp::protocol {

/// What the controller counts; the data plane counts the rest. Names are RFC 8347's where it has one.
struct Statistics {
    std::uint64_t master_transitions = 0;
    std::uint64_t advertisement_sent = 0;
    std::uint64_t priority_zero_pkts_rcvd = 0;
    std::uint64_t priority_zero_pkts_sent = 0;
    std::uint64_t interval_errors = 0;
    std::uint64_t address_list_errors = 0;
    std::uint64_t own_advertisements_rcvd = 0;
};

}  // namespace vrrp_xdp::protocol

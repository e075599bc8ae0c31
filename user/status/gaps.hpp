// SPDX-License-Identifier: BSD-2-Clause
// How long the Active Router that a Backup Router follows was silent, from each advertisement to the next,
// and how much of the patience, Active_Down_Interval, that took.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "protocol/types.hpp"
#include "vrrp_xdp/abi.h"

namespace vrrp_xdp::status {

struct Gaps {
    std::uint64_t count = 0;
    std::uint64_t near_failovers = 0;  ///< gaps above two thirds of Active_Down_Interval
    protocol::Duration observed{};     ///< how long ago the first of them was
    protocol::Duration largest{};
    protocol::Duration largest_of{};  ///< Active_Down_Interval at the time of that one
    /// The largest one in the last `lately`, which is at most 74 minutes.
    protocol::Duration largest_lately{};
    protocol::Duration lately{};
    std::array<std::uint64_t, VRRP_XDP_GAP_BUCKETS>
        buckets{};  ///< by the part of Active_Down_Interval: see kParts

    friend bool operator==(const Gaps&, const Gaps&) = default;
};

/// The upper end of a bucket.
struct GapPart {
    double part;  ///< of Active_Down_Interval
    std::string_view text;
};
inline constexpr std::array<GapPart, VRRP_XDP_GAP_BUCKETS - 1> kGapParts{
    {{1.0 / 32, "1/32"}, {1.0 / 16, "1/16"}, {1.0 / 8, "1/8"}, {1.0 / 4, "1/4"}, {1.0 / 2, "1/2"}, {1, "1"}}};

/// Returns what the data plane has noted, as of now; nothing if it has noted nothing.
std::optional<Gaps> gaps_of(const vrrp_xdp_gaps& noted, protocol::TimePoint now);

}  // namespace vrrp_xdp::status

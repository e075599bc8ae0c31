// SPDX-License-Identifier: BSD-2-Clause
// Which Advertisement_Interval the network between two routers would have borne.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "status/model.hpp"

namespace vrrp_xdp::status {

/// What an interval would have meant, had the same delays met it.
struct IntervalAdvice {
    protocol::Duration interval;
    protocol::Duration largest_gap;
    protocol::Duration active_down_interval;
    protocol::Duration saved;  ///< of the time until a takeover; below 0 where it would take longer

    enum class Verdict : std::uint8_t { Borne, NearFailover, FalseTakeover };
    Verdict verdict() const;

    friend bool operator==(const IntervalAdvice&, const IntervalAdvice&) = default;
};

struct Advice {
    std::string summary;                    ///< what was observed, or why there is no advice
    std::vector<IntervalAdvice> intervals;  ///< the shortest first; none where there is no advice
    std::optional<protocol::Duration> recommended{};
};

/// Takes each delay beyond an interval for one that would have been as long with any other interval: what is
/// lost or late because a machine or a link stood still is so whatever the interval is.
Advice advise(const VirtualRouter& router);

/// A line for the summary and one for each interval. subject: "eth0 vrid 10 ipv4".
std::string advice_text(const std::string& subject, const Advice& advice);

}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "reporting/rising_counter.hpp"

namespace vrrp_xdp::reporting {

/// Gaps between advertisements that were above two thirds of Active_Down_Interval.
struct NearFailover {
    elections::RouterId router;
    std::uint64_t count;           ///< since they were last told, or since the first look
    protocol::Duration largest{};  ///< among the last few
    protocol::Duration patience{};
};

/// Notices them. For the ordinary thread.
class NearFailovers {
  public:
    /// Returns those since the last call, of each Virtual Router at most once a minute. Looks once a second.
    std::vector<NearFailover> look(const engine::ManagedInterfaces& interfaces);

  private:
    using Clock = RisingCounter::Clock;

    Clock::time_point looked_{};
    std::map<std::pair<std::string, std::uint32_t>, RisingCounter> counts_;  ///< by interface and slot
};

/// Returns the last gaps that the data plane has noted, the latest one last.
std::vector<protocol::Duration> recent_gaps(const vrrp_xdp_gaps& gaps);

}  // namespace vrrp_xdp::reporting

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "reporting/rising_counter.hpp"

namespace vrrp_xdp::reporting {

/// Advertisements that the data plane has not handed over, for one reason.
struct Refused {
    elections::RouterId router;
    std::string counter;    ///< as `vrrp-xdp stats` names it
    std::string_view help;  ///< what it counts
    std::uint64_t count;    ///< since it was last told, or since the first look
};

/// Notices what only counters of the data plane tell: who sends wrong advertisements is never heard, and who
/// sends many is heard in part. For the ordinary thread.
class RefusedAdvertisements {
  public:
    /// What was refused since the last call, each reason of each Virtual Router at most once a minute. Looks
    /// every other second.
    std::vector<Refused> look(const engine::ManagedInterfaces& interfaces);

  private:
    using Clock = RisingCounter::Clock;

    Clock::time_point looked_{};
    std::map<std::pair<std::string, std::uint32_t>, std::vector<RisingCounter>>
        counts_;  ///< by interface and slot
};

}  // namespace vrrp_xdp::reporting

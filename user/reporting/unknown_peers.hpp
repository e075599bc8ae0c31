// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"

namespace vrrp_xdp::reporting {

/// Who advertises for a VRID with unicast peers and is none of them: XDP drops and counts that, and both
/// routers may be Active for it. For the ordinary thread.
class UnknownPeers {
  public:
    /// Returns the Virtual Routers of which unknown routers have advertised since the last call, each at most
    /// once a minute. Looks once a second.
    std::vector<elections::RouterId> look(const engine::ManagedInterfaces& interfaces);

  private:
    using Clock = std::chrono::steady_clock;
    struct Count {
        std::uint64_t errors = 0;
        Clock::time_point told{};
    };
    static bool is_news(Count& count, std::uint64_t errors, bool is_new, Clock::time_point now);

    Clock::time_point looked_{};
    std::map<std::pair<std::string, std::uint32_t>, Count> counts_;  ///< by interface and slot
};

}  // namespace vrrp_xdp::reporting

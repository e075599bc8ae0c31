// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "elections/virtual_router.hpp"

namespace vrrp_xdp::elections {

class RouterSet;

/// Decides when hosts hear where the virtual addresses are.
class Announcer {
  public:
    /// Returns whether to announce the addresses now; if so, schedules repetitions, too.
    bool begin(VirtualRouter& vr, bool took_over, protocol::TimePoint now);

    /// Queues what is due again. In steady state one comparison.
    void announce_again(RouterSet& routers, protocol::TimePoint now);

    /// Returns when that is at the earliest.
    protocol::TimePoint next() const { return next_; }

  private:
    protocol::TimePoint next_ = protocol::kNever;
};

}  // namespace vrrp_xdp::elections

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "daemon/command_queue.hpp"

namespace vrrp_xdp::daemon {

/// Whoever waits for a copy of what all interfaces are at the time, which only the protocol thread can make.
class Snapshots {
  public:
    using Then = std::function<void()>;

    /// commands: outlives this.
    explicit Snapshots(CommandQueue& commands) : commands_(commands) {}

    /// Calls back once a copy has been made. One serves all who wait; who asks meanwhile gets that one, too.
    void request(Then then) {
        waiting_.push_back(std::move(then));
        if (waiting_.size() == 1) commands_.send(engine::TakeSnapshot{});
    }

    /// Notes that the protocol thread has taken a snapshot.
    void note_taken() {
        for (const Then& then : std::exchange(waiting_, {})) then();
    }

  private:
    CommandQueue& commands_;
    std::vector<Then> waiting_;
};

}  // namespace vrrp_xdp::daemon

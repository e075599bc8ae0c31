// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "daemon/guardian.hpp"
#include "engine/fencing_plan.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::daemon {

/// Sees to it that a guardian runs which knows the present plan. For the ordinary thread.
class GuardianSupervisor {
  public:
    /// Constructs a supervisor without a guardian. io: outlives this.
    explicit GuardianSupervisor(asio::io_context& io) : io_(io), timer_(io) {}

    /// Sets the plan of guardians that start from now on. The protocol thread already has it.
    void set_plan(std::unique_ptr<engine::FencingPlan> plan) { plan_ = std::move(plan); }
    engine::FencingPlan& plan() { return *plan_; }

    /// Fails where none can be started; none is then.
    Result<void> start();
    /// Starts one now, or as soon as that can be.
    void start_or_retry();
    /// Ends the guardian, which does not know new maps and sockets, or is no longer needed.
    void stop();

  private:
    void restart();

    asio::io_context& io_;
    asio::steady_timer timer_;
    std::unique_ptr<engine::FencingPlan> plan_;
    std::unique_ptr<Guardian> guardian_;
    std::chrono::steady_clock::time_point started_;  ///< the last one
};

}  // namespace vrrp_xdp::daemon

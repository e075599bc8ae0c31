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
    /// io: outlives this.
    explicit GuardianSupervisor(asio::io_context& io) : io_(io), timer_(io) {}

    /// What guardians that are started from now on go by. The protocol thread has this one by now.
    void set_plan(std::unique_ptr<engine::FencingPlan> plan) { plan_ = std::move(plan); }
    engine::FencingPlan& plan() { return *plan_; }

    /// Fails where none can be started; none is then.
    Result<void> start();
    /// Starts one now, or as soon as that can be.
    void start_or_retry();
    /// It knows neither new maps nor new sockets, or is not needed any more.
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

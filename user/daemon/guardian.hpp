// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "engine/fencing_plan.hpp"
#include "support/callback_guard.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::daemon {

/// A running vrrp-xdp-guardian, the child that acts should this process die or hang. Killed with this object.
class Guardian {
  public:
    /// how: how it ended, as the end of a sentence that begins with its name. Must not destroy the guardian.
    using Died = std::function<void(const std::string& how)>;

    /// Starts one with all that the fencing plan names. Fails if the program is not where it is installed.
    static Result<std::unique_ptr<Guardian>> start(asio::io_context& io,
                                                   const engine::FencingPlan& fencing_plan, Died died);

    Guardian(const Guardian&) = delete;
    Guardian& operator=(const Guardian&) = delete;
    ~Guardian();

  private:
    Guardian(asio::io_context& io, int pidfd, Died died);
    void wait_for_death();

    asio::posix::stream_descriptor process_;  ///< a pidfd, readable at its end
    Died died_;
    CallbackGuard life_;
};

}  // namespace vrrp_xdp::daemon

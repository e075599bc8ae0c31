// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "elections/messages.hpp"
#include "protocol/state_machine.hpp"

namespace vrrp_xdp::elections {

/// Sees each step of each election, and touches nothing. For tests.
class Observer {
  public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;

    /// Observes a step. before: the election before the step. The data plane already has the lease of the
    /// step.
    virtual void stepped(RouterId router, const protocol::Parameters& parameters,
                         const protocol::Election& before, const protocol::Event& event,
                         const protocol::Step& step) = 0;
};

}  // namespace vrrp_xdp::elections

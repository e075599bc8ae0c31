// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "elections/messages.hpp"
#include "net/interface_state.hpp"

namespace vrrp_xdp::elections {

class RouterSet;

/// What interfaces do: elections begin and end with them.
class InterfaceEvents {
  public:
    explicit InterfaceEvents(RouterSet& routers) : routers_(routers) {}

    /// Starts the elections of the interface. up: the cause of the transition if the interface works.
    void start(std::uint32_t index, protocol::Cause up);
    /// Ends what is left of leases: they are adopted by now, or nobody's.
    void drop_leases(std::uint32_t index);

    /// Follows the changes of interfaces since the last call.
    void follow_changes();
    /// Asks the kernel for everything, for what was heard is not what it has.
    void look_again();
    /// Follows one interface. up: what to call it if the interface works now and did not before.
    void follow_interface(std::uint32_t index, protocol::Cause up);

    /// Ends the startup delay if a lease still runs: where an instance goes on for another, nothing waits.
    void waive_startup_delay();
    void end_startup_delay(protocol::TimePoint now);

  private:
    void follow_address(RouterId id, const std::optional<net::InterfaceState>& state, protocol::Cause up);

    RouterSet& routers_;
};

}  // namespace vrrp_xdp::elections

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "elections/command_executor.hpp"
#include "elections/reconfiguration.hpp"

namespace vrrp_xdp::elections {

/// Goes over to another configuration, all of it at once: nobody sees half of it. An election that goes on
/// neither waits nor starts again.
class Reconfigurer {
  public:
    Reconfigurer(const Parts& parts, CommandExecutor& executor) : parts_(parts), executor_(executor) {}

    void reconfigure(const Reconfiguration& to);

  private:
    /// Returns what there was in each place.
    std::vector<Interface*> bring_in(const Reconfiguration& to);
    void leave_routers_missing_in(std::uint32_t index, const Interface& next);
    static void carry_over(const Interface& before, Interface& next);
    /// Continues with the interface's new configuration. before: null if there was none.
    void go_on(std::uint32_t index, const Interface* before);
    void change_parameters(RouterId id, const VirtualRouter& before);
    /// Continues without a sync group, in the new configuration.
    void go_alone(RouterId id);

    Parts parts_;
    CommandExecutor& executor_;
};

}  // namespace vrrp_xdp::elections

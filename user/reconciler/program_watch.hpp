// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "device/running.hpp"
#include "engine/managed_interface.hpp"
#include "net/interface_monitor.hpp"

namespace vrrp_xdp::reconciler {

/// Follows what was true of each port when its program was attached, and may not be any more: that the driver
/// runs the program, and that it can take frames as large as the MTU allows. In native mode alone: elsewhere
/// the kernel itself runs the program, on frames of any size. For the ordinary thread.
class ProgramWatch {
  public:
    /// Looks at every port, a few times in a second.
    void look(const engine::ManagedInterfaces& interfaces, const net::InterfaceMonitor& kernel);

    /// Returns why the port must be attached again, as part of a sentence; nothing if it need not.
    std::optional<std::string> why_unfit(const std::string& port_name) const;

    /// Returns whether the port was attached again because its driver did not run the program, and nothing
    /// has shown yet that it does now. Without frames, this ends after a while.
    bool is_on_trial(const std::string& port_name) const;

    /// Returns the mode to attach in: the planned one, unless that is Auto and native has failed twice.
    dataplane::Mode mode_for(const std::string& port_name, dataplane::Mode planned) const;

    /// Notes that the port was attached again.
    void note_attached(const std::string& port_name, dataplane::AttachedPort& port);

  private:
    struct Watched {
        std::weak_ptr<const dataplane::AttachedPort> port{};
        device::RunningJudge judge{};
        unsigned mtu = 0;     ///< when it was attached
        unsigned idle = 0;    ///< times that it did not run, one after the other
        std::string unfit{};  ///< why; empty if it is well
        protocol::TimePoint trial_ends{};
    };
    void look(const engine::ManagedInterface& interface, const net::InterfaceState& port_state);
    static void note_run(const std::string& name, Watched& watched);
    static void judge(const std::string& name, Watched& watched, std::uint64_t device_frames);

    std::map<std::string, Watched> by_name_;
};

}  // namespace vrrp_xdp::reconciler

// SPDX-License-Identifier: BSD-2-Clause
// From one instance to the next, without a moment in which nobody serves the port.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "dataplane/port_lock.hpp"
#include "engine/placement.hpp"

namespace vrrp_xdp::daemon {

/// A port on its way to this instance, from a running one, a crashed one or nobody. Gives back what it was
/// not asked to complete: a running instance then goes on as before.
class PortHandover {
  public:
    /// Does what takes time while a running instance keeps advertising: loads and attaches the programs, and
    /// opens the sockets. Fails if that instance cannot hand over, or runs something that the plan lacks.
    static Result<PortHandover> prepare(const engine::PortPlan& plan);

    /// Asks the running instance, if there is one, to stop without a farewell, and goes on with its leases.
    /// Returns the interfaces that are ours now.
    Result<engine::ManagedInterfaces> complete();

    /// Returns whether there is a running instance to take over from.
    bool has_predecessor() const { return predecessor_.has_value(); }

  private:
    /// A running instance: an interface that it answers on, and its process.
    struct Predecessor {
        std::string interface;
        int pid;
    };
    static Result<Predecessor> find_predecessor(const engine::PortPlan& plan);
    Result<void> take_lock();

    PortHandover(std::string port_name, dataplane::PortLock attaching,
                 std::optional<dataplane::PortLock> lock)
        : port_name_(std::move(port_name)), attaching_(std::move(attaching)), lock_(std::move(lock)) {}
    std::string port_name_;
    dataplane::PortLock attaching_;  ///< two at once would both take over from the same instance
    std::optional<dataplane::PortLock> lock_;
    std::optional<Predecessor> predecessor_;
    engine::ManagedInterfaces interfaces_;
};

/// Returns the answer to "serving": which interfaces this instance serves at the port of this one.
nlohmann::json serving(const engine::ManagedInterfaces& interfaces, const engine::ManagedInterface& asked);

}  // namespace vrrp_xdp::daemon

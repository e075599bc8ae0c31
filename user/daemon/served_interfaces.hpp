// SPDX-License-Identifier: BSD-2-Clause
// What an instance serves, and what is still to be said to those who asked for the end of it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "control/control_socket.hpp"
#include "engine/managed_interface.hpp"
#include "reconciler/phase.hpp"

namespace vrrp_xdp::daemon {

using reconciler::Phase;

/// Returns whether an interface may change from one phase to the other.
bool may_follow(Phase before, Phase next);

/// What belongs to an interface for as long as it is served. The interface itself stands at the same place in
/// a list of its own, which is what the modules below take.
struct Served {
    using Respond = control::ControlSocket::Respond;

    Phase phase = Phase::Running;
    std::unique_ptr<control::ControlSocket> socket;
    std::vector<Respond> detachers{};  ///< wait for its release, or else its hand-over
    Respond successor{};               ///< waits for its hand-over

    /// Returns whether a client waits for its end.
    bool is_leaving() const { return !detachers.empty() || successor; }
};

/// All interfaces that this instance serves or has served. A place in the list is never another interface's,
/// so that whoever knows one may come late. For the ordinary thread.
class ServedInterfaces {
  public:
    using Respond = Served::Respond;

    /// Returns the interfaces; null for a released one. Those of one port that began together are adjacent.
    const engine::ManagedInterfaces& all() const { return interfaces_; }

    /// Returns the number of places, which is the place of the next interface.
    std::uint32_t size() const { return static_cast<std::uint32_t>(interfaces_.size()); }
    void add(std::unique_ptr<engine::ManagedInterface> interface,
             std::unique_ptr<control::ControlSocket> socket);
    /// Replaces an interface by another one, with the same socket and answers. Returns the old one.
    std::unique_ptr<engine::ManagedInterface> replace(std::uint32_t place,
                                                      std::unique_ptr<engine::ManagedInterface> next);

    engine::ManagedInterface& at(std::uint32_t place) { return *interfaces_[place]; }
    const engine::ManagedInterface& at(std::uint32_t place) const { return *interfaces_[place]; }

    /// Returns the phase of a place; Released if it never had an interface.
    Phase phase(std::uint32_t place) const;
    /// Returns a function for phase(), which is valid as long as this.
    reconciler::PhaseOf phases() const;
    /// Returns whether it may; does nothing if it may not. See release() for the last one.
    bool enter(std::uint32_t place, Phase next);

    /// Returns whether the interface exists and was not released.
    bool is_served(std::uint32_t place) const { return phase(place) != Phase::Released; }
    /// Returns whether it has lost its data plane or sockets, and is not attached again yet.
    bool is_lost(std::uint32_t place) const;
    /// Returns the places of the interfaces in a phase, or of those that share the port of one, including it.
    std::vector<std::uint32_t> in(Phase phase) const;
    std::vector<std::uint32_t> at_port_of(std::uint32_t place) const;
    bool all_released() const;

    /// Returns whether a client waits for the end of any interface.
    bool is_any_leaving() const;
    void answer_when_released(std::uint32_t place, Respond respond);
    void answer_when_handed_over(std::uint32_t place, Respond respond);

    /// An interface that is served no more, and who wants to hear of that.
    struct Left {
        std::unique_ptr<engine::ManagedInterface> interface;
        std::vector<Respond> detachers;
        Respond successor;
    };
    /// Closes its control socket. It is for the caller to answer, once the interface is closed as well.
    Left release(std::uint32_t place);

  private:
    engine::ManagedInterfaces interfaces_;
    std::vector<Served> served_;  ///< by place
};

}  // namespace vrrp_xdp::daemon

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

/// Whether an interface may go from the one phase to the other.
bool may_follow(Phase before, Phase next);

/// What belongs to an interface for as long as it is served. The interface itself stands at the same place in
/// a list of its own, which is what the modules below take.
struct Served {
    using Respond = control::ControlSocket::Respond;

    Phase phase = Phase::Running;
    std::unique_ptr<control::ControlSocket> socket;
    std::vector<Respond> detachers{};  ///< wait for its release, or else its hand-over
    Respond successor{};               ///< waits for its hand-over

    /// Whether anybody waits for its end.
    bool is_leaving() const { return !detachers.empty() || successor; }
};

/// All interfaces that this instance serves or has served. A place in the list is never another interface's,
/// so that whoever knows one may come late. For the ordinary thread.
class ServedInterfaces {
  public:
    using Respond = Served::Respond;

    /// Null where one is released. Those of one port that began together stand together.
    const engine::ManagedInterfaces& all() const { return interfaces_; }

    /// How many places there are: the first that is added next gets this one.
    std::uint32_t size() const { return static_cast<std::uint32_t>(interfaces_.size()); }
    void add(std::unique_ptr<engine::ManagedInterface> interface,
             std::unique_ptr<control::ControlSocket> socket);
    /// Another one goes on in its place, with the same socket and answers. Returns the one before.
    std::unique_ptr<engine::ManagedInterface> replace(std::uint32_t place,
                                                      std::unique_ptr<engine::ManagedInterface> next);

    engine::ManagedInterface& at(std::uint32_t place) { return *interfaces_[place]; }
    const engine::ManagedInterface& at(std::uint32_t place) const { return *interfaces_[place]; }

    /// Released for a place that nobody has had.
    Phase phase(std::uint32_t place) const;
    /// The same to hand on. Valid for as long as this.
    reconciler::PhaseOf phases() const;
    /// Returns whether it may; does nothing if it may not. See release() for the last one.
    bool enter(std::uint32_t place, Phase next);

    /// Whether it is there, and nobody has released it.
    bool is_served(std::uint32_t place) const { return phase(place) != Phase::Released; }
    /// Whether it has lost what it stands on, and is not attached again yet.
    bool is_lost(std::uint32_t place) const;
    /// The places of those in a phase, and of those that share the port of one, itself among them.
    std::vector<std::uint32_t> in(Phase phase) const;
    std::vector<std::uint32_t> at_port_of(std::uint32_t place) const;
    bool all_released() const;

    /// Whether somebody waits for the end of any.
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

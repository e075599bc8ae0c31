// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

#include "elections/messages.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::elections {

class InterfaceEvents;
class Receiver;
class RouterSet;
class Sender;
class SyncGroups;

/// What elections need to go over to another configuration, or to give an interface away.
struct Parts {
    RouterSet& routers;
    SyncGroups& groups;
    Receiver& receiver;
    Sender& sender;
    InterfaceEvents& interface_events;
};

/// Does what the ordinary thread asks for.
class CommandExecutor {
  public:
    explicit CommandExecutor(const Parts& parts) : parts_(parts) {}

    void execute(const Command& command);

    /// Releases the interfaces that nobody is Active on any more of those that are leaving.
    void release_who_has_left();

    /// Has what is received at the interface's port belong to its Virtual Routers.
    Result<void> take_in(std::uint32_t index);
    /// Leaves every election of the interface at once, and gives it away.
    void release(std::uint32_t index);

  private:
    void take_snapshots();
    void leave(std::optional<std::uint32_t> which);
    void hand_over(std::uint32_t index);
    void suspend(std::uint32_t index);
    void resume(const Resume& command);
    void set_effect(const SetEffect& effect);
    /// Leaves the interface to the ordinary thread.
    void let_go(std::uint32_t index);

    Parts parts_;
    bool reconciled_ = true;  ///< false from Reconfigure until the ordinary thread has followed
};

}  // namespace vrrp_xdp::elections

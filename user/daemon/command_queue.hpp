// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <deque>

#include "engine/messages.hpp"

namespace vrrp_xdp::daemon {

/// The ordinary thread's way to the protocol thread: no command is lost. What does not fit into the mailbox
/// waits here, in order, until the protocol thread has made room.
class CommandQueue {
  public:
    /// commands: outlives this.
    CommandQueue(asio::io_context& io, engine::Commands& commands) : commands_(commands), retry_(io) {}

    /// Sends a command. Never waits, and allocates memory only while the mailbox is full.
    void send(const engine::Command& command);

    /// Returns how many commands wait for room.
    std::size_t waiting() const { return waiting_.size(); }

  private:
    /// Returns whether the command replaces a waiting one of the same meaning, and replaces it.
    bool replaces_one(const engine::Command& command);
    void send_waiting();
    void retry();

    engine::Commands& commands_;
    std::deque<engine::Command> waiting_;
    asio::steady_timer retry_;
};

}  // namespace vrrp_xdp::daemon

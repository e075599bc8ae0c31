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

    /// Never waits, and takes memory only while the mailbox is full.
    void send(const engine::Command& command);

    /// How many wait for room.
    std::size_t waiting() const { return waiting_.size(); }

  private:
    /// Whether it says the same again as one that waits, which it then takes the place of.
    bool replaces_one(const engine::Command& command);
    void send_waiting();
    void retry();

    engine::Commands& commands_;
    std::deque<engine::Command> waiting_;
    asio::steady_timer retry_;
};

}  // namespace vrrp_xdp::daemon

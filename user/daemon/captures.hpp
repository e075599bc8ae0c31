// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <nlohmann/json.hpp>

#include "capture/twin.hpp"
#include "control/control_socket.hpp"
#include "engine/managed_interface.hpp"

namespace vrrp_xdp::daemon {

/// The captures that are asked for at the control sockets, one for each port at most. A capture ends with
/// the connection that asked for it, or when its reader reads no longer, and the plain programs stand in
/// their places again. For the ordinary thread.
class Captures {
  public:
    using Respond = control::ControlSocket::Respond;
    using Stream = control::ControlSocket::Stream;

    explicit Captures(asio::io_context& io) : next_look_(io) {}

    /// Captures at the port of an interface, all of whose interfaces the answer names. The answer has the
    /// descriptors of the ring and of what is asked for beside it.
    void begin(const engine::ManagedInterfaces& interfaces, const engine::ManagedInterface& asked_at,
               const nlohmann::json& arguments, const Respond& respond, Stream stream);

    void end_all();

  private:
    struct One {
        std::string port;
        std::unique_ptr<capture::Twin> twin;
        Stream stream;
    };
    Result<std::unique_ptr<capture::Twin>> place(const engine::ManagedInterface& interface,
                                                 const nlohmann::json& arguments);
    void look_again_later();
    void look();

    asio::steady_timer next_look_;
    std::list<One> all_;
};

}  // namespace vrrp_xdp::daemon

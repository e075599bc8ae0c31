// SPDX-License-Identifier: BSD-2-Clause
// A listening socket that neither spins nor outlives its owner.
#pragma once

#include <fcntl.h>

#include <asio/basic_socket_acceptor.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <utility>

#include "support/callback_guard.hpp"

namespace vrrp_xdp::control {

/// Marks the socket close-on-exec, which Asio does not do: a guardian, a hook or a tracker's command must not
/// keep our sockets open.
inline void keep_from_children(int socket) { fcntl(socket, F_SETFD, FD_CLOEXEC); }

/// Hands over connections, for the ordinary thread, until it is destroyed. A connection that has been
/// accepted by then, but not handed over, is closed.
template <typename Protocol>
class Acceptor {
  public:
    using Socket = typename Protocol::socket;
    using Accepted = std::function<void(Socket socket)>;

    Acceptor(asio::io_context& io, Accepted accepted)
        : socket_(io), pause_(io), accepted_(std::move(accepted)) {}
    Acceptor(const Acceptor&) = delete;
    Acceptor& operator=(const Acceptor&) = delete;
    ~Acceptor() = default;

    /// Opens the socket, binds it, and listens. No connection is taken before start().
    asio::error_code listen(const typename Protocol::endpoint& endpoint) {
        asio::error_code error;
        socket_.open(endpoint.protocol(), error);
        if (error) return error;
        keep_from_children(socket_.native_handle());
        socket_.set_option(typename Protocol::acceptor::reuse_address(true), error);
        socket_.bind(endpoint, error);
        if (!error) socket_.listen(Protocol::acceptor::max_listen_connections, error);
        asio::error_code ignored;
        if (error) socket_.close(ignored);
        return error;
    }

    void start() {
        socket_.async_accept(life_.guard([this](const asio::error_code& error, Socket socket) {
            if (error == asio::error::operation_aborted) return;
            // Out of descriptors (EMFILE, ENFILE) or of memory (ENOBUFS, ENOMEM): the connection is still
            // waiting, and asking again at once would keep this thread busy for as long as it does.
            if (error) return start_after_pause();
            keep_from_children(socket.native_handle());
            accepted_(std::move(socket));
            start();
        }));
    }

  private:
    static constexpr std::chrono::milliseconds kPause{200};

    void start_after_pause() {
        pause_.expires_after(kPause);
        pause_.async_wait(life_.guard([this](const asio::error_code& error) {
            if (!error) start();
        }));
    }

    typename Protocol::acceptor socket_;
    asio::steady_timer pause_;
    Accepted accepted_;
    CallbackGuard life_;
};

}  // namespace vrrp_xdp::control

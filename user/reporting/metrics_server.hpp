// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "control/acceptor.hpp"
#include "support/callback_guard.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::reporting {

using MetricsEndpoint = asio::ip::tcp::endpoint;

/// Parses ADDRESS:PORT, or [ADDRESS]:PORT for IPv6. Does not look names up.
Result<MetricsEndpoint> parse_metrics_endpoint(const std::string& text);

/// Answers GET /metrics over HTTP/1.1, a connection a request. It runs on the thread of its io_context and
/// never waits: a client that sends or reads too slowly is disconnected, and so is one that comes while many
/// are served.
class MetricsServer {
  public:
    using Respond = std::function<void(std::string metrics)>;
    /// Must call respond once, when it likes.
    using Collect = std::function<void(Respond respond)>;

    /// Fails if the address is none of this host. If another instance listens there, which may be about to
    /// hand over, this one tries again until it can.
    static Result<std::unique_ptr<MetricsServer>> listen(asio::io_context& io,
                                                         const MetricsEndpoint& endpoint, Collect collect);

    MetricsServer(const MetricsServer&) = delete;
    MetricsServer& operator=(const MetricsServer&) = delete;
    ~MetricsServer() = default;

  private:
    class Connection;
    MetricsServer(asio::io_context& io, MetricsEndpoint endpoint, Collect collect);
    void try_again();
    void serve(asio::ip::tcp::socket socket);

    MetricsEndpoint endpoint_;
    Collect collect_;
    control::Acceptor<asio::ip::tcp> acceptor_;
    asio::steady_timer timer_;
    std::shared_ptr<int> served_;  ///< an owner for each connection, and one more
    CallbackGuard life_;
};

}  // namespace vrrp_xdp::reporting

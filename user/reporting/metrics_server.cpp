// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/metrics_server.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <charconv>
#include <chrono>

namespace vrrp_xdp::reporting {
namespace {

using asio::ip::tcp;

constexpr long kMostConnections = 16;
constexpr std::size_t kLongestRequest = 8192;
/// For a request to come and its answer to be taken.
constexpr std::chrono::seconds kPatience(5);
constexpr std::chrono::seconds kPause(1);

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kMetrics = "text/plain; version=0.0.4; charset=utf-8";

std::string response(const std::string& status, const std::string& type, const std::string& body,
                     const std::string& more = "") {
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
           "Connection: close\r\n\r\n" + body;
}

}  // namespace

Result<MetricsEndpoint> parse_metrics_endpoint(const std::string& text) {
    const std::string hint = "write 127.0.0.1:9112, [::1]:9112 or, for every address, [::]:9112";
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return failure("\"" + text + "\" has no port", hint);
    std::string host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    asio::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error || address.is_v6() != bracketed)
        return failure("\"" + text + "\" does not begin with an IPv4 address or an IPv6 address in brackets",
                       hint);
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end || port == 0)
        return failure("the port in \"" + text + "\" is not a number from 1 to 65535", hint);
    return MetricsEndpoint(address, port);
}

/// One request, one answer, the end.
class MetricsServer::Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(tcp::socket socket, Collect collect, std::shared_ptr<int> served)
        : socket_(std::move(socket)),
          timer_(socket_.get_executor()),
          collect_(std::move(collect)),
          served_(std::move(served)) {}

    void start() {
        timer_.expires_after(kPatience);
        timer_.async_wait([self = weak_from_this()](const asio::error_code& error) {
            if (const auto alive = self.lock(); alive && !error) alive->hang_up();
        });
        asio::async_read_until(socket_, asio::dynamic_buffer(request_, kLongestRequest), "\r\n\r\n",
                               [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                                   if (!error) self->answer();
                               });
    }

  private:
    void answer() {
        const std::string line = request_.substr(0, request_.find("\r\n"));
        const auto path_at = line.find(' ');
        const auto path_ends = line.find_first_of(" ?", path_at == std::string::npos ? path_at : path_at + 1);
        if (path_ends == std::string::npos || line.find(" HTTP/1.") == std::string::npos)
            return send(response("400 Bad Request", kText, "this is not an HTTP/1.1 request\n"));
        const std::string method = line.substr(0, path_at);
        const std::string path = line.substr(path_at + 1, path_ends - path_at - 1);
        if (path != "/metrics") return send(response("404 Not Found", kText, "only /metrics exists\n"));
        if (method != "GET")
            return send(
                response("405 Method Not Allowed", kText, "/metrics supports only GET\n", "Allow: GET\r\n"));
        collect_([self = shared_from_this()](const std::string& metrics) {
            self->send(response("200 OK", kMetrics, metrics));
        });
    }

    void send(std::string text) {
        response_ = std::move(text);
        asio::async_write(
            socket_, asio::buffer(response_),
            [self = shared_from_this()](const asio::error_code&, std::size_t) { self->timer_.cancel(); });
    }

    void hang_up() {
        asio::error_code ignored;
        socket_.close(ignored);
    }

    tcp::socket socket_;
    asio::steady_timer timer_;
    Collect collect_;
    std::shared_ptr<int> served_;
    std::string request_;
    std::string response_;
};

Result<std::unique_ptr<MetricsServer>> MetricsServer::listen(asio::io_context& io,
                                                             const MetricsEndpoint& endpoint,
                                                             Collect collect) {
    auto server = std::unique_ptr<MetricsServer>(new MetricsServer(io, endpoint, std::move(collect)));
    const asio::error_code error = server->acceptor_.listen(endpoint);
    if (error == asio::error::address_in_use) {
        spdlog::info(
            "metrics: port {} is in use, perhaps by an instance that is about to hand over; retrying",
            endpoint.port());
        server->try_again();
    } else if (error) {
        return failure(
            "listening on " + endpoint.address().to_string() + " for --metrics: " + error.message(),
            "use an address of this host: 'ip address' lists them");
    } else {
        server->acceptor_.start();
    }
    return server;
}

MetricsServer::MetricsServer(asio::io_context& io, MetricsEndpoint endpoint, Collect collect)
    : endpoint_(std::move(endpoint)),
      collect_(std::move(collect)),
      acceptor_(io, [this](tcp::socket socket) { serve(std::move(socket)); }),
      timer_(io),
      served_(std::make_shared<int>()) {}

void MetricsServer::try_again() {
    timer_.expires_after(kPause);
    timer_.async_wait(life_.guard([this](const asio::error_code& stopped) {
        if (stopped) return;
        const asio::error_code error = acceptor_.listen(endpoint_);
        if (!error) return acceptor_.start();
        spdlog::debug("no metrics yet: {}", error.message());
        try_again();
    }));
}

void MetricsServer::serve(tcp::socket socket) {
    if (served_.use_count() > kMostConnections) return;
    std::make_shared<Connection>(std::move(socket), collect_, served_)->start();
}

}  // namespace vrrp_xdp::reporting

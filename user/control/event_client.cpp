// SPDX-License-Identifier: BSD-2-Clause
#include "control/event_client.hpp"

#include <asio/buffer.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <utility>

#include "control/control_socket.hpp"
#include "support/callback_guard.hpp"

namespace vrrp_xdp::control {
namespace {

using asio::local::stream_protocol;
using nlohmann::json;

/// A new instance is found after so long at the latest.
constexpr std::chrono::milliseconds kLookInterval(200);

}  // namespace

/// What one interface has to tell.
class EventClient::Stream {
  public:
    using Line = std::function<void(const json& event)>;

    Stream(asio::io_context& io, Line line, std::function<void()> ended)
        : socket_(io), line_(std::move(line)), ended_(std::move(ended)) {}

    asio::error_code open(const std::string& interface) {
        asio::error_code error;
        socket_.connect(endpoint_of(interface), error);
        if (error) return error;
        asio::write(socket_, asio::buffer(json{{"request", "events"}}.dump() + "\n"), error);
        if (!error) read_next();
        return error;
    }

  private:
    void read_next() {
        asio::async_read_until(
            socket_, asio::dynamic_buffer(buffer_), '\n',
            life_.guard([this](const asio::error_code& error, std::size_t length) { take(error, length); }));
    }

    void take(const asio::error_code& error, std::size_t length) {
        if (error) return std::exchange(ended_, nullptr)();  // which may destroy this
        const json event = json::parse(buffer_.substr(0, length), nullptr, false);
        buffer_.erase(0, length);
        // Before the next event is reported: the receiver may end this object.
        read_next();
        if (event.is_object() && event.contains("event")) line_(event);
    }

    stream_protocol::socket socket_;
    Line line_;
    std::function<void()> ended_;
    std::string buffer_;
    CallbackGuard life_;
};

EventClient::EventClient(asio::io_context& io, Handler handler, Failed failed)
    : io_(io), next_look_(io), handler_(std::move(handler)), failed_(std::move(failed)) {
    look_for_instances();
}

EventClient::~EventClient() = default;

void EventClient::look_for_instances() {
    for (const std::string& name : interfaces_with_socket()) {
        if (streams_.contains(name)) continue;
        auto stream = std::make_unique<Stream>(io_, handler_, [this, name] { end(name); });
        const asio::error_code error = stream->open(name);
        if (!error) streams_[name] = std::move(stream);
        // The socket of a dead instance, or of one that currently ends.
        if (!error || error == asio::error::connection_refused || error.value() == ENOENT ||
            error == asio::error::broken_pipe)
            continue;
        failed_({"talking to the instance on " + name + ": " + error.message(),
                 error.value() == EACCES ? "run as the same user as the instance, usually root" : ""});
    }
    next_look_.expires_after(kLookInterval);
    next_look_.async_wait([this](const asio::error_code& error) {
        if (!error) look_for_instances();
    });
}

void EventClient::end(const std::string& name) {
    const auto ended = streams_.extract(name);
    handler_({{"event", "unsubscribed"}, {"interface", ended.key()}});
}

}  // namespace vrrp_xdp::control

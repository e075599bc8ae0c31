// SPDX-License-Identifier: BSD-2-Clause
#include "controller/control_socket.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <asio/buffer.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <deque>
#include <memory>

#include "controller/runtime_directory.hpp"

namespace vrrp_xdp::controller {
namespace {

namespace fs = std::filesystem;
using asio::local::stream_protocol;
using nlohmann::json;

constexpr std::size_t kLongestRequest = 4096;
// Of a burst of events, beside what the kernel keeps: thousands of them.
constexpr std::size_t kLongestBacklog = 1U << 20;
constexpr const char* kSuffix = ".sock";

fs::path socket_path(const std::string& interface_name) {
    return runtime_directory() / (interface_name + kSuffix);
}

}  // namespace

std::vector<std::string> interfaces_with_socket() {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(runtime_directory(), error))
        if (entry.path().extension() == kSuffix) names.push_back(entry.path().stem());
    return names;
}

Result<std::optional<json>> ask(const std::string& interface_name, const std::string& request,
                                std::chrono::seconds patience) {
    asio::io_context io;
    stream_protocol::socket socket(io);
    asio::error_code error;
    socket.connect(stream_protocol::endpoint(socket_path(interface_name)), error);
    if (error == asio::error::connection_refused || error.value() == ENOENT) return std::nullopt;
    if (error)
        return failure("talking to the instance on " + interface_name + ": " + error.message(),
                       error.value() == EACCES ? "run as the user that it runs as, usually root" : "");

    asio::write(socket, asio::buffer(json{{"request", request}}.dump() + "\n"), error);
    std::string answer;
    if (!error) {
        error = asio::error::timed_out;
        asio::async_read_until(socket, asio::dynamic_buffer(answer), '\n',
                               [&error](const asio::error_code& done, std::size_t) { error = done; });
        io.run_for(patience);
    }
    if (error == asio::error::timed_out)
        return failure("the instance on " + interface_name + " does not answer: it hangs, or is held still",
                       "let it go on with SIGCONT, or end it with SIGKILL and clear what it leaves with "
                       "'vrrp-xdp detach " +
                           interface_name + "'");
    if (error) return failure("the instance on " + interface_name + " hung up: " + error.message());
    json parsed = json::parse(answer, nullptr, false);
    if (parsed.is_discarded()) return failure("the instance on " + interface_name + " answered nonsense");
    return parsed;
}

Result<bool> remove_stale_socket(const std::string& interface_name) {
    std::error_code error;
    const bool removed = fs::remove(socket_path(interface_name), error);
    if (error) return failure("removing " + socket_path(interface_name).string() + ": " + error.message());
    remove_empty_runtime_directory();
    return removed;
}

/// asio does not. A guardian that outlives its controller for a moment must not look like one that listens.
void ControlSocket::keep_from_children(int socket) { fcntl(socket, F_SETFD, FD_CLOEXEC); }

stream_protocol::endpoint endpoint_of(const std::string& interface_name) {
    return {socket_path(interface_name)};
}

/// One connection: a line in, one line or many out, the end.
class ControlSocket::Session : public std::enable_shared_from_this<Session> {
  public:
    Session(stream_protocol::socket socket, Handler handler)
        : socket_(std::move(socket)), handler_(std::move(handler)) {}

    /// Whether anybody takes it.
    bool send(const json& answer) {
        if (!socket_.is_open()) return false;
        lines_.push_back(answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
        backlog_ += lines_.back().size();
        if (backlog_ > kLongestBacklog) {
            socket_.close();
            return false;
        }
        if (lines_.size() == 1) write_next();
        return true;
    }

    void start() {
        asio::async_read_until(socket_, asio::dynamic_buffer(line_, kLongestRequest), '\n',
                               [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                                   if (!error) self->handle();
                               });
    }

  private:
    void handle() {
        if (has_hung_up()) return;
        const json parsed = json::parse(line_, nullptr, false);
        const bool understood =
            parsed.is_object() && parsed.contains("request") && parsed["request"].is_string();
        if (!understood) {
            send({{"error", "expected {\"request\": NAME}"}});
            return;
        }
        close_when_hung_up();
        const auto self = shared_from_this();
        handler_(
            parsed["request"].get<std::string>(), [self](const json& answer) { self->send(answer); },
            [self](const json& line) { return self->send(line); });
    }

    /// Nothing more is expected from the other side. Without it, who left would be noticed at the next line
    /// only.
    void close_when_hung_up() {
        socket_.async_wait(stream_protocol::socket::wait_read,
                           [weak = weak_from_this()](const asio::error_code& error) {
                               const auto self = weak.lock();
                               if (self && !error) self->socket_.close();
                           });
    }

    /// Who was held still finds what people asked for long ago, and no longer count on.
    bool has_hung_up() {
        char ignored = 0;
        return recv(socket_.native_handle(), &ignored, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    }

    void write_next() {
        asio::async_write(socket_, asio::buffer(lines_.front()),
                          [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                              if (error) return self->socket_.close();
                              self->backlog_ -= self->lines_.front().size();
                              self->lines_.pop_front();
                              if (!self->lines_.empty()) self->write_next();
                          });
    }

    stream_protocol::socket socket_;
    Handler handler_;
    std::string line_;
    std::deque<std::string> lines_;  ///< to be sent
    std::size_t backlog_ = 0;        ///< their length
};

Result<std::unique_ptr<ControlSocket>> ControlSocket::listen(asio::io_context& io,
                                                             const std::string& interface_name,
                                                             Handler handler) {
    auto answer = ask(interface_name, "status");
    if (!answer || *answer)
        return failure("an instance runs on " + interface_name + " already",
                       "stop it with 'vrrp-xdp detach " + interface_name + "' first");

    std::error_code error;
    const fs::path path = socket_path(interface_name);
    fs::create_directories(path.parent_path(), error);
    if (error)
        return failure("making " + path.parent_path().string() + ": " + error.message(),
                       "run as root, or as a user that may write there");
    fs::remove(path, error);
    try {
        return std::unique_ptr<ControlSocket>(new ControlSocket(io, path, std::move(handler)));
    } catch (const std::system_error& failed) {
        return failure("listening on " + path.string() + ": " + failed.code().message(),
                       "run as root, or as a user that may write there");
    }
}

ControlSocket::ControlSocket(asio::io_context& io, fs::path path, Handler handler)
    : path_(std::move(path)), handler_(std::move(handler)), acceptor_(io) {
    acceptor_.open();
    keep_from_children(acceptor_.native_handle());
    const mode_t before = umask(0177);  // the socket is never open to others, not even for a moment
    asio::error_code error;
    acceptor_.bind(stream_protocol::endpoint(path_), error);
    umask(before);
    if (error) throw std::system_error(error);
    acceptor_.listen();
    accept();
}

ControlSocket::~ControlSocket() {
    std::error_code error;
    fs::remove(path_, error);
    remove_empty_runtime_directory();
}

void ControlSocket::accept() {
    acceptor_.async_accept([this](const asio::error_code& error, stream_protocol::socket socket) {
        if (error == asio::error::operation_aborted) return;
        if (!error) keep_from_children(socket.native_handle());
        if (!error) std::make_shared<Session>(std::move(socket), handler_)->start();
        accept();
    });
}

}  // namespace vrrp_xdp::controller

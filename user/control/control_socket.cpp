// SPDX-License-Identifier: BSD-2-Clause
#include "control/control_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>

#include <asio/buffer.hpp>
#include <asio/read_until.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <cstring>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "support/runtime_directory.hpp"

namespace vrrp_xdp::control {
namespace {

namespace fs = std::filesystem;
using asio::local::stream_protocol;
using nlohmann::json;

constexpr std::size_t kLongestRequest = 4096;
// Of a burst of events, beside what the kernel keeps: thousands of them. One line may be longer: all that an
// instance serves.
constexpr std::size_t kLongestBacklog = 1U << 20;
// At once, at all sockets of an instance. Far more than people and their programs need, far less than
// descriptors.
constexpr std::size_t kMostSessions = 128;
/// For a request to come, and for its answer to be taken.
constexpr std::chrono::seconds kSessionPatience(5);
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
    return ask_with(interface_name, {{"request", request}}, patience);
}

Result<std::optional<json>> ask_with(const std::string& interface_name, const json& request,
                                     std::chrono::seconds patience) {
    asio::io_context io;
    stream_protocol::socket socket(io);
    asio::error_code error;
    socket.connect(stream_protocol::endpoint(socket_path(interface_name)), error);
    if (error == asio::error::connection_refused || error.value() == ENOENT) return std::nullopt;
    if (error)
        return failure("talking to the instance on " + interface_name + ": " + error.message(),
                       error.value() == EACCES ? "run as the same user as the instance, usually root" : "");

    asio::write(socket, asio::buffer(request.dump() + "\n"), error);
    std::string answer;
    // One that takes no more connections has said so, and hung up.
    if (!error || error == asio::error::broken_pipe) {
        error = asio::error::timed_out;
        asio::async_read_until(socket, asio::dynamic_buffer(answer), '\n',
                               [&error](const asio::error_code& done, std::size_t) { error = done; });
        io.run_for(patience);
    }
    if (error == asio::error::timed_out)
        return failure("the instance on " + interface_name + " does not answer: it hangs or is stopped",
                       "resume it with SIGCONT, or kill it with SIGKILL and clean up with 'vrrp-xdp detach " +
                           interface_name + "'");
    if (error)
        return failure("the instance on " + interface_name + " closed the connection: " + error.message());
    json parsed = json::parse(answer, nullptr, false);
    if (parsed.is_discarded())
        return failure("the instance on " + interface_name + " sent an invalid answer");
    return parsed;
}

Result<bool> remove_stale_socket(const std::string& interface_name) {
    std::error_code error;
    const bool removed = fs::remove(socket_path(interface_name), error);
    if (error) return failure("removing " + socket_path(interface_name).string() + ": " + error.message());
    remove_empty_runtime_directory();
    return removed;
}

stream_protocol::endpoint endpoint_of(const std::string& interface_name) {
    return {socket_path(interface_name)};
}

/// One connection: a line in, one line or many out, the end.
class ControlSocket::Session : public std::enable_shared_from_this<Session> {
  public:
    Session(stream_protocol::socket socket, Handler handler, std::shared_ptr<Sessions::Counts> counts)
        : socket_(std::move(socket)),
          patience_(socket_.get_executor()),
          handler_(std::move(handler)),
          counts_(std::move(counts)) {
        ++counts_->open;
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() { --counts_->open; }

    void start() {
        hang_up_unless_cancelled();
        asio::async_read_until(socket_, asio::dynamic_buffer(line_, kLongestRequest), '\n',
                               [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                                   self->patience_.cancel();
                                   if (!error) self->handle();
                               });
    }

    /// The only line, or the last one.
    void answer(const json& said) {
        if (send(said)) hang_up_unless_cancelled();
    }

    /// On a connection that nothing was sent over there is room for a line. Whether anybody takes it.
    bool send_with(const json& line, std::span<const int> descriptors) {
        std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
        iovec bytes{text.data(), text.size()};
        std::vector<char> control(CMSG_SPACE(descriptors.size_bytes()));
        msghdr message{};
        message.msg_iov = &bytes;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
        const ssize_t sent = sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent == static_cast<ssize_t>(text.size())) return true;
        hang_up();
        return false;
    }

    bool is_open() const { return socket_.is_open(); }

    /// Whether anybody takes it.
    bool send(const json& answer) {
        if (!socket_.is_open()) return false;
        if (backlog_ > kLongestBacklog) {
            hang_up();
            return false;
        }
        lines_.push_back(answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
        backlog_ += lines_.back().size();
        if (lines_.size() == 1) {
            ++counts_->writing;
            write_next();
        }
        return true;
    }

  private:
    void handle() {
        if (has_hung_up()) return;
        const json parsed = json::parse(line_, nullptr, false);
        const bool understood =
            parsed.is_object() && parsed.contains("request") && parsed["request"].is_string();
        if (!understood) return answer({{"error", "expected {\"request\": NAME}"}});
        close_when_hung_up();
        const auto self = shared_from_this();
        handler_(
            {parsed["request"].get<std::string>(), parsed}, [self](const json& said) { self->answer(said); },
            Stream(self));
    }

    /// Who neither asks nor takes the answer would keep a descriptor forever.
    void hang_up_unless_cancelled() {
        patience_.expires_after(kSessionPatience);
        patience_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
            const auto self = weak.lock();
            if (self && !error) self->hang_up();
        });
    }

    /// Nothing more is expected from the other side. Without it, who left would be noticed at the next line
    /// only.
    void close_when_hung_up() {
        socket_.async_wait(stream_protocol::socket::wait_read,
                           [weak = weak_from_this()](const asio::error_code& error) {
                               const auto self = weak.lock();
                               if (self && !error) self->hang_up();
                           });
    }

    void hang_up() {
        asio::error_code ignored;
        socket_.close(ignored);
    }

    /// Who was held still finds what people asked for long ago, and no longer count on.
    bool has_hung_up() {
        char ignored = 0;
        return recv(socket_.native_handle(), &ignored, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    }

    void write_next() {
        asio::async_write(socket_, asio::buffer(lines_.front()),
                          [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                              self->note_written(error);
                          });
    }

    void note_written(const asio::error_code& error) {
        if (error) {
            hang_up();
            lines_.clear();
        } else {
            backlog_ -= lines_.front().size();
            lines_.pop_front();
        }
        if (!lines_.empty()) return write_next();
        patience_.cancel();
        if (--counts_->writing == 0 && counts_->flushed) std::exchange(counts_->flushed, nullptr)();
    }

    stream_protocol::socket socket_;
    asio::steady_timer patience_;
    Handler handler_;
    std::shared_ptr<Sessions::Counts> counts_;
    std::string line_;
    std::deque<std::string> lines_;  ///< to be sent
    std::size_t backlog_ = 0;        ///< their length
};

bool ControlSocket::Stream::operator()(const json& line) const { return session_->send(line); }

bool ControlSocket::Stream::begin(const json& line, std::span<const int> descriptors) const {
    return session_->send_with(line, descriptors);
}

bool ControlSocket::Stream::is_open() const { return session_->is_open(); }

void ControlSocket::Sessions::when_flushed(std::function<void()> flushed) {
    if (counts_->writing == 0) return flushed();
    counts_->flushed = std::move(flushed);
}

Result<std::unique_ptr<ControlSocket>> ControlSocket::listen(asio::io_context& io,
                                                             const std::string& interface_name,
                                                             const Sessions& sessions, Handler handler) {
    auto answer = ask(interface_name, "status");
    // One that waits for the interface gives way to who has it, or waits for it in its place.
    if (answer && *answer && (*answer)->contains("waiting")) {
        const auto left = ask(interface_name, "hand-over");
        if (left && *left && (*left)->contains("handed-over")) answer = std::nullopt;
    }
    if (!answer || *answer)
        return failure("an instance is already running on " + interface_name,
                       "stop it with 'vrrp-xdp detach " + interface_name + "' first");

    std::error_code error;
    const fs::path path = socket_path(interface_name);
    fs::create_directories(path.parent_path(), error);
    if (error)
        return failure("creating " + path.parent_path().string() + ": " + error.message(),
                       "run as root, or as a user with write permission there");
    fs::remove(path, error);
    std::unique_ptr<ControlSocket> socket(new ControlSocket(io, path, sessions, std::move(handler)));
    const mode_t before = umask(0177);  // the socket is never open to others, not even for a moment
    const asio::error_code failed = socket->acceptor_.listen(stream_protocol::endpoint(path));
    umask(before);
    if (failed)
        return failure("listening on " + path.string() + ": " + failed.message(),
                       "run as root, or as a user with write permission there");
    socket->acceptor_.start();
    return socket;
}

ControlSocket::ControlSocket(asio::io_context& io, fs::path path, const Sessions& sessions, Handler handler)
    : path_(std::move(path)),
      acceptor_(io,
                [counts = sessions.counts_, handler = std::move(handler)](stream_protocol::socket socket) {
                    const auto session = std::make_shared<Session>(std::move(socket), handler, counts);
                    if (counts->open > kMostSessions)
                        session->answer({{"error", "too many connections; try again"}});
                    else
                        session->start();
                }) {}

ControlSocket::~ControlSocket() {
    std::error_code error;
    fs::remove(path_, error);
    remove_empty_runtime_directory();
}

}  // namespace vrrp_xdp::control

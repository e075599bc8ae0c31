// SPDX-License-Identifier: BSD-2-Clause
// How commands reach a running instance: a socket for each interface, one line of JSON each way.
#pragma once

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "control/acceptor.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::control {

/// Interfaces of this network namespace that have a control socket, of a living instance or a dead one.
std::vector<std::string> interfaces_with_socket();

/// A busy machine may keep an instance waiting for a second or two; one that takes longer hangs.
inline constexpr std::chrono::seconds kPatience{5};

/// Asks the instance on the interface and waits for its answer. Nothing if no instance listens there.
/// request: "status", "status-all", "reload", "detach", "serving" or "hand-over";
/// docs/design/interfaces.md has them all.
/// patience: how long that may take.
Result<std::optional<nlohmann::json>> ask(const std::string& interface_name, const std::string& request,
                                          std::chrono::seconds patience = kPatience);

/// The same of a request that has arguments: {"request": NAME, ...}.
Result<std::optional<nlohmann::json>> ask_with(const std::string& interface_name,
                                               const nlohmann::json& request,
                                               std::chrono::seconds patience = kPatience);

/// Removes the socket of an instance that is known to be dead. Whether there was one.
Result<bool> remove_stale_socket(const std::string& interface_name);

/// Returns the endpoint of the instance on an interface.
asio::local::stream_protocol::endpoint endpoint_of(const std::string& interface_name);

/// The listening end for one interface, open to its owner's user alone.
class ControlSocket {
  public:
    struct Request {
        std::string name;
        nlohmann::json arguments;  ///< the whole line that came
    };
    using Respond = std::function<void(const nlohmann::json&)>;
    class Stream;
    /// Must either call respond once, when it likes, or keep the stream.
    using Handler = std::function<void(const Request& request, Respond respond, Stream stream)>;

    /// What the connections at all control sockets of an instance have in common: only so many are open at
    /// once, and only so long without a request, and none is cut off with an answer on its way.
    class Sessions {
      public:
        /// Calls once, at once or later, when no line is on its way to anybody. Nobody who reads too slowly
        /// is waited for longer than a few seconds.
        void when_flushed(std::function<void()> flushed);

      private:
        friend class ControlSocket;
        struct Counts {
            std::size_t open = 0;
            std::size_t writing = 0;  ///< with lines to be sent
            std::function<void()> flushed;
        };
        std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
    };

    /// Fails if an instance listens there already. A dead one's socket is replaced. handler: may be called
    /// after the end of the ControlSocket, for who had connected before.
    static Result<std::unique_ptr<ControlSocket>> listen(asio::io_context& io,
                                                         const std::string& interface_name,
                                                         const Sessions& sessions, Handler handler);
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;
    ~ControlSocket();

  private:
    class Session;

  public:
    /// A connection over which many lines go. It ends with the last copy of this, too.
    class Stream {
      public:
        /// Gives one line. False if nobody takes them any more: who asked has hung up, or reads so slowly
        /// that the connection was ended here.
        bool operator()(const nlohmann::json& line) const;

        /// Gives the first line, with copies of descriptors of ours beside it. False as above.
        bool begin(const nlohmann::json& line, std::span<const int> descriptors) const;

        /// Whether who asked is there still.
        bool is_open() const;

      private:
        friend class Session;
        explicit Stream(std::shared_ptr<Session> session) : session_(std::move(session)) {}
        std::shared_ptr<Session> session_;
    };

  private:
    ControlSocket(asio::io_context& io, std::filesystem::path path, const Sessions& sessions,
                  Handler handler);

    std::filesystem::path path_;
    Acceptor<asio::local::stream_protocol> acceptor_;
};

}  // namespace vrrp_xdp::control

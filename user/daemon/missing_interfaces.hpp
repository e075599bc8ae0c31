// SPDX-License-Identifier: BSD-2-Clause
// Interfaces of the configuration that are not there yet.
#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "control/control_socket.hpp"
#include "status/model.hpp"

namespace vrrp_xdp::daemon {

/// Returns the sync groups that have a member on one of these interfaces.
std::set<std::string> sync_groups_of(const std::vector<config::Interface>& interfaces);

/// What can be told and asked of an interface before it exists: its Virtual Routers are in Initialize. For
/// the ordinary thread.
class MissingInterfaces {
  public:
    /// Gets what is asked, but for "status" and "events".
    using Handler =
        std::function<void(const std::string& interface, const control::ControlSocket::Request& request,
                           control::ControlSocket::Respond respond)>;

    /// Constructs it without missing interfaces. io and sessions outlive this.
    MissingInterfaces(asio::io_context& io, const control::ControlSocket::Sessions& sessions, Handler handler)
        : io_(io), sessions_(sessions), handler_(std::move(handler)) {}

    /// Sets the missing interfaces. Fails if a control socket cannot be opened.
    Result<void> set(const std::vector<config::Interface>& missing);

    /// Stops waiting for the interface: it has appeared, or is no longer wanted.
    void drop(const std::string& interface) { missing_.erase(interface); }
    void clear() { missing_.clear(); }

    bool empty() const { return missing_.empty(); }
    bool contains(const std::string& interface) const { return missing_.contains(interface); }
    std::set<std::string> names() const;
    /// Returns the missing interfaces that have appeared.
    std::set<std::string> arrived() const;
    std::vector<config::Interface> configurations() const;

    /// Returns their status, each as status_of_missing() has it.
    std::vector<status::Interface> statuses() const;

  private:
    struct One {
        config::Interface configuration;
        std::unique_ptr<control::ControlSocket> socket;
        std::vector<control::ControlSocket::Stream> listeners;  ///< for events: none until it comes
    };
    void answer(const std::string& interface, const control::ControlSocket::Request& request,
                control::ControlSocket::Respond respond, control::ControlSocket::Stream stream);

    asio::io_context& io_;
    const control::ControlSocket::Sessions& sessions_;
    Handler handler_;
    std::map<std::string, One> missing_;  ///< by name
};

}  // namespace vrrp_xdp::daemon

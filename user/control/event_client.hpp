// SPDX-License-Identifier: BSD-2-Clause
// The other end of the event stream: all instances of this network namespace, those that come later too.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::control {

class EventClient {
  public:
    /// Gets each event as the instance gave it, and {"event": "unsubscribed", "interface": NAME} when a
    /// stream has ended.
    using Handler = std::function<void(const nlohmann::json& event)>;
    using Failed = std::function<void(const Error& error)>;

    /// Subscribes from io on. failed: called when an instance cannot be asked, and before that is tried
    /// again.
    EventClient(asio::io_context& io, Handler handler, Failed failed);
    EventClient(const EventClient&) = delete;
    EventClient& operator=(const EventClient&) = delete;
    ~EventClient();

    /// Returns how many interfaces are subscribed.
    std::size_t size() const { return streams_.size(); }

  private:
    class Stream;
    void look_for_instances();
    void end(const std::string& name);

    asio::io_context& io_;
    asio::steady_timer next_look_;
    Handler handler_;
    Failed failed_;
    std::map<std::string, std::unique_ptr<Stream>> streams_;  ///< by interface
};

}  // namespace vrrp_xdp::control

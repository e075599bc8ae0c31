// SPDX-License-Identifier: BSD-2-Clause
// All that happens, told twice: in the journal for people, and as a stream of JSON objects for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "controller/conditions.hpp"
#include "controller/control_socket.hpp"
#include "controller/journal.hpp"
#include "controller/messages.hpp"

namespace vrrp_xdp::controller {

class Events {
  public:
    explicit Events(const ManagedInterfaces& interfaces) : interfaces_(interfaces) {}

    /// From now on everything about the interface goes there too, until nobody takes it any more.
    void subscribe(std::uint32_t interface, ControlSocket::Stream stream);
    /// Whether one more may subscribe. Those that only listen cost a descriptor each, for as long as they
    /// like.
    bool has_room() const { return subscribers_.size() < kMostSubscribers; }

    void tell(const Notice& notice);
    void tell(const Conditions::Change& change);
    /// what: "hook /usr/local/bin/notify (-> active) ended with exit code 1".
    void tell_failed_hook(const std::string& interface, const config::VirtualRouter& router,
                          const std::string& what);

    /// Ends the streams about an interface.
    void end(std::uint32_t interface);

  private:
    static constexpr std::size_t kMostSubscribers = 64;

    struct Subscriber {
        std::uint32_t interface;
        ControlSocket::Stream stream;
    };

    void publish(std::uint32_t interface, nlohmann::json event);
    const config::VirtualRouter& router(RouterId id) const {
        return interfaces_[id.interface]->virtual_routers[id.router].config;
    }
    nlohmann::json about(RouterId id) const;

    const ManagedInterfaces& interfaces_;
    std::vector<Subscriber> subscribers_;
};

}  // namespace vrrp_xdp::controller

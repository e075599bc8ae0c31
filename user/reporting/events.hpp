// SPDX-License-Identifier: BSD-2-Clause
// All that happens, told twice: in the journal for people, and as a stream of JSON objects for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "control/control_socket.hpp"
#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "reporting/log_lines.hpp"
#include "tracking/effect.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::reporting {

/// What a tracker has found out, and what it means to a Virtual Router.
struct TrackerChange {
    elections::RouterId router;
    std::string tracker;
    tracking::Finding finding;
    tracking::Effect effect;  ///< of the Virtual Router from now on
};

class Events {
  public:
    explicit Events(const engine::ManagedInterfaces& interfaces) : interfaces_(interfaces) {}

    /// From now on everything about the interface goes there too, until nobody takes it any more.
    void subscribe(std::uint32_t interface, control::ControlSocket::Stream stream);
    /// Whether one more may subscribe. Those that only listen cost a descriptor each, for as long as they
    /// like.
    bool has_room() const { return subscribers_.size() < kMostSubscribers; }

    void tell(const engine::Notice& notice);
    void tell(const TrackerChange& change);
    /// Tells what the operator has done to a Virtual Router. event: the kind.
    void tell_of(elections::RouterId id, const char* event, const std::string& what);
    /// what: "hook /usr/local/bin/notify (-> active) exited with code 1".
    void tell_failed_hook(const std::string& interface, const config::VirtualRouter& router,
                          const std::string& what);

    /// Ends the streams about an interface.
    void end(std::uint32_t interface);

  private:
    static constexpr std::size_t kMostSubscribers = 64;

    struct Subscriber {
        std::uint32_t interface;
        control::ControlSocket::Stream stream;
    };

    void publish(std::uint32_t interface, nlohmann::json event);
    const config::VirtualRouter& router(elections::RouterId id) const {
        return interfaces_[id.interface]->virtual_routers[id.router].config;
    }
    nlohmann::json about(elections::RouterId id) const;

    const engine::ManagedInterfaces& interfaces_;
    std::vector<Subscriber> subscribers_;
};

}  // namespace vrrp_xdp::reporting

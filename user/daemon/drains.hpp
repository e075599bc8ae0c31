// SPDX-License-Identifier: BSD-2-Clause
// Planned work: Virtual Routers that the operator has hand over to another router, and that stay Backup
// Routers until he says otherwise or the time is over.
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/system_timer.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "control/control_socket.hpp"
#include "daemon/missing_interfaces.hpp"
#include "daemon/served_interfaces.hpp"
#include "daemon/snapshots.hpp"
#include "elections/messages.hpp"
#include "maintenance/drain_list.hpp"
#include "status/model.hpp"

namespace vrrp_xdp::daemon {

/// Which Virtual Routers are drained, a sync group always as a whole. For the ordinary thread.
///
/// Whether another router can take over, nobody knows before it has: a Backup Router is silent. So a request
/// has the Active Routers send a farewell and serve on, and is refused where none of the others was heard
/// within two intervals: then all is as it was before. One that is refused has cost hosts nothing.
class Drains {
  public:
    using Respond = control::ControlSocket::Respond;

    /// What they refer to outlives this.
    struct Parts {
        asio::io_context& io;
        const ServedInterfaces& served;
        const MissingInterfaces& missing;
        Snapshots& snapshots;
        /// Has elections hear what is drained of an interface, by its place.
        std::function<void(std::uint32_t place)> tell;
        /// Publishes that a Virtual Router is drained, or no longer is.
        std::function<void(elections::RouterId router, const char* event, const std::string& what)> publish;
    };

    explicit Drains(Parts parts) : parts_(std::move(parts)), pause_(parts_.io), expiry_(parts_.io) {}

    bool is_drained(const std::string& interface, const config::VirtualRouter& router);
    /// Puts in until when its Virtual Routers are drained, and why.
    void add_to(status::Interface& status);

    /// Answers the requests "drain" and "undrain" at the socket of an interface. arguments: "whole" (true for
    /// all interfaces of the instance), "vrid", and of a drain "until" in seconds since 1970, "reason" and
    /// "force"; all of them may be left out.
    void drain(const std::string& interface, const nlohmann::json& arguments, Respond respond);
    void undrain(const std::string& interface, const nlohmann::json& arguments, const Respond& respond);

  private:
    using Member = maintenance::Member;
    using Members = maintenance::Members;
    struct Attempt {
        Members members;
        maintenance::DrainList::Records before;
        bool is_forced;
        Respond respond;
        std::chrono::steady_clock::time_point ends;  ///< who has not moved by then does not run
    };
    enum class Progress { Over, Pending, Alone };

    Members members() const;
    const maintenance::DrainRecord* record_of(const Member& member) {
        return list_.record_of(member, members());
    }
    Members drained_among(const Members& members);
    Result<void> keep(maintenance::DrainList::Records next);
    void tell_all();
    void publish(const Members& of, const char* event, const std::string& what);
    protocol::Duration longest_interval(const Members& of) const;

    void wait_for_takeovers();
    void look_at_takeovers();
    Progress progress_of(const Member& member) const;
    void conclude(const Members& alone);
    nlohmann::json list_of(const Members& of) const;
    std::optional<elections::RouterId> find(const Member& member) const;

    void schedule_expiry();
    void expire();

    Parts parts_;
    maintenance::DrainList list_;
    std::optional<Attempt> attempt_;
    asio::steady_timer pause_;
    asio::system_timer expiry_;
};

}  // namespace vrrp_xdp::daemon

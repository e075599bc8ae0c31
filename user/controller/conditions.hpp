// SPDX-License-Identifier: BSD-2-Clause
// What the trackers of a configuration mean to the Virtual Routers that run.
#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "controller/managed_interface.hpp"
#include "controller/messages.hpp"
#include "tracking/condition.hpp"
#include "tracking/tracker_set.hpp"

namespace vrrp_xdp::controller {

/// Whether all users exist that hooks and trackers of the configuration are to run as.
Result<void> check_users(const config::Config& config);

/// Keeps trackers at work and tells the protocol thread whenever they mean something else to a Virtual
/// Router. Destroyed, they stop; what was told last stays.
class Conditions {
  public:
    struct Change {
        RouterId router;
        std::string tracker;
        tracking::Finding finding;
        tracking::Condition condition;  ///< of the Virtual Router from now on
    };
    using Tell = std::function<void(const SetCondition& condition)>;
    using Changed = std::function<void(const Change& change)>;

    /// interfaces: outlive this.
    static Result<std::unique_ptr<Conditions>> start(asio::io_context& io,
                                                     std::vector<config::Tracker> trackers,
                                                     const ManagedInterfaces& interfaces, Tell tell,
                                                     Changed changed);

    /// Before the protocol thread has the interface: puts in what is known so far. What is not, counts as
    /// down; but as up where the lease of an instance before still lasts, for it goes on.
    void prepare(ManagedInterface& interface, std::uint32_t index);

    /// Goes on with the trackers of another configuration, which the protocol thread has by now. A command
    /// that has not ended yet counts as up: what runs is not to be disturbed.
    void renew(const std::vector<config::Tracker>& trackers);

    /// Tells the protocol thread what is known of an interface, be it told already or not.
    void tell(std::uint32_t index);

    /// By tracker that the Virtual Router has a track of.
    nlohmann::json status_of(RouterId id) const;
    protocol::Priority priority(RouterId id) const;

  private:
    struct Known {
        tracking::Unknown unknown = tracking::Unknown::IsUp;
        std::optional<tracking::Condition> told;
    };

    Conditions(asio::io_context& io, std::vector<config::Tracker> trackers,
               const ManagedInterfaces& interfaces, Tell tell, Changed changed);
    Result<void> start_trackers();
    void note_change(const std::string& tracker);
    Known& known(RouterId id) { return known_[{id.interface, id.router}]; }
    void tell(RouterId id, const tracking::Condition& condition);
    tracking::Condition condition_of(RouterId id) const;
    const config::VirtualRouter& router(RouterId id) const {
        return interfaces_[id.interface]->virtual_routers[id.router].config;
    }

    asio::io_context& io_;
    std::vector<config::Tracker> trackers_;
    const ManagedInterfaces& interfaces_;
    Tell tell_;
    Changed changed_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Known> known_;  ///< by interface and router
    std::unique_ptr<tracking::TrackerSet> set_;
};

}  // namespace vrrp_xdp::controller

// SPDX-License-Identifier: BSD-2-Clause
// What the trackers of a configuration mean to the Virtual Routers that run.
#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "config/config.hpp"
#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "reporting/events.hpp"
#include "status/model.hpp"
#include "tracking/effect.hpp"
#include "tracking/tracker_set.hpp"

namespace vrrp_xdp::daemon {

/// Returns whether all users of hooks and trackers exist.
Result<void> check_users(const config::Config& config);

/// Keeps trackers at work and tells the protocol thread whenever they mean something else to a Virtual
/// Router. Destroyed, they stop; what was told last stays.
class Trackers {
  public:
    using Tell = std::function<void(const engine::SetEffect& effect)>;
    using Changed = std::function<void(const reporting::TrackerChange& change)>;
    using IsDrained = std::function<bool(const std::string& interface, const config::VirtualRouter& router)>;

    /// interfaces: outlive this.
    static Result<std::unique_ptr<Trackers>> start(asio::io_context& io,
                                                   const std::vector<config::Tracker>& trackers,
                                                   const engine::ManagedInterfaces& interfaces, Tell tell,
                                                   Changed changed, IsDrained is_drained);

    /// Stores what is known so far, before the protocol thread has the interface. What is unknown counts as
    /// down for a Virtual Router that begins, but as up if the lease of a previous instance is still valid,
    /// because it continues.
    void prepare(engine::ManagedInterface& interface);

    /// Goes on with the trackers of another configuration, which the protocol thread has by now. Those that
    /// are the same go on; those that are different keep what they have found out until they know better. A
    /// new one whose command has not ended yet counts as up: what runs is not to be disturbed.
    void renew(const std::vector<config::Tracker>& trackers);

    /// Sets the sync groups with a missing interface: their members stay in Initialize. Applies to prepare()
    /// and to changes from then on.
    void set_broken_groups(std::set<std::string> groups) { broken_groups_ = std::move(groups); }

    /// Tells the protocol thread what is known of an interface, be it told already or not.
    void tell(std::uint32_t index);

    /// Returns the status of each tracker that the Virtual Router tracks.
    std::vector<status::Tracker> status_of(elections::RouterId id) const;
    protocol::Priority priority(elections::RouterId id) const;

  private:
    /// Interface, VRID and family: places change with a reload.
    using Key = std::tuple<std::string, protocol::Vrid, protocol::Family>;
    struct Known {
        std::set<std::string> waited_for;  ///< trackers that knew nothing when it began: down until they do
        std::optional<tracking::Effect> told;
    };

    Trackers(asio::io_context& io, const engine::ManagedInterfaces& interfaces, Tell tell, Changed changed,
             IsDrained is_drained);
    void note_change(const std::string& tracker);
    void forget(const std::vector<config::Tracker>& trackers);
    static Key key_of(const std::string& interface, const config::VirtualRouter& router) {
        return {interface, router.vrid, router.family()};
    }
    Key key_of(elections::RouterId id) const { return key_of(interfaces_[id.interface]->name, router(id)); }
    void tell(elections::RouterId id, const tracking::Effect& effect);
    tracking::Effect effect_of(const Key& key, const config::VirtualRouter& router) const;
    tracking::Effect effect_of(elections::RouterId id) const { return effect_of(key_of(id), router(id)); }
    bool is_drained(elections::RouterId id) const {
        return is_drained_(interfaces_[id.interface]->name, router(id));
    }
    const config::VirtualRouter& router(elections::RouterId id) const {
        return interfaces_[id.interface]->virtual_routers[id.router].config;
    }

    asio::io_context& io_;
    const engine::ManagedInterfaces& interfaces_;
    Tell tell_;
    Changed changed_;
    IsDrained is_drained_;
    std::map<Key, Known> known_;
    std::set<std::string> broken_groups_;
    std::unique_ptr<tracking::TrackerSet> set_;
};

}  // namespace vrrp_xdp::daemon

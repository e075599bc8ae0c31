// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "elections/messages.hpp"
#include "protocol/sync_group.hpp"

namespace vrrp_xdp::elections {

class RouterSet;

/// Virtual Routers that move together: what their rules see, and what they ask for.
class SyncGroups {
  public:
    explicit SyncGroups(RouterSet& routers) : routers_(routers) {}

    /// Finds the members again among the interfaces that are here. Who is suspended stays one.
    void form();
    void note_news(std::uint32_t group, const protocol::Election& before, const protocol::Step& step);
    /// Has the group look at its members at the next settle().
    void disturb(std::uint32_t group) { groups_[group].disturbed = true; }
    void disturb_those_on(std::uint32_t interface);
    bool any_is_disturbed() const;
    /// Moves the other members where one has moved.
    void settle();
    /// Returns whether its sync group does not let the Virtual Router take over yet.
    bool waits(RouterId id, protocol::TimePoint now);
    /// Removes the members on this interface from their groups.
    void leave_out(std::uint32_t interface);

  private:
    struct Group {
        std::string name;
        std::vector<RouterId> members;
        protocol::GroupNews news;
        /// A member has moved or begins to leave, or what it knows of its rivals has changed.
        bool disturbed = false;
    };
    void settle(Group& group);
    void move(const Group& group, protocol::GroupMove how, protocol::TimePoint now);
    /// Returns the members as they are now. Lasts until the next call.
    std::span<const protocol::GroupMember> view(const Group& group);
    protocol::GroupMember view(RouterId id);

    RouterSet& routers_;
    std::vector<Group> groups_;
    std::vector<protocol::GroupMember> view_;  ///< its memory is kept
};

}  // namespace vrrp_xdp::elections

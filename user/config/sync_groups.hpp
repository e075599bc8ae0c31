// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>

#include "config/mistakes.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::config {

/// A Virtual Router's place in a sync group.
struct Membership {
    std::string group;
    Position position;  ///< of the group's name
    protocol::Priority priority;
    bool preempt;
    protocol::Duration preempt_delay;
};

/// The sync groups of a file, across its interfaces. Members move together, so they must want the same: one
/// that would take over where another would not is a mistake.
class SyncGroups {
  public:
    void join(Membership member, Mistakes& mistakes);

    /// Reports the groups that have only one member, mostly because of a misspelt name. Call it after the
    /// last member.
    void check_sizes(Mistakes& mistakes) const;

  private:
    struct Group {
        Membership first;
        std::size_t members;
    };
    std::map<std::string, Group> groups_;
};

}  // namespace vrrp_xdp::config

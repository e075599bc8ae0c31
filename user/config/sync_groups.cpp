// SPDX-License-Identifier: BSD-2-Clause
#include "config/sync_groups.hpp"

#include <utility>

#include "config/text.hpp"

namespace vrrp_xdp::config {
namespace {

void refuse_difference(const Membership& first, const Membership& member, const std::string& key,
                       const std::string& here, const std::string& there, Mistakes& mistakes) {
    mistakes.add(member.position, "sync-group " + quoted(member.group) + " changes state as one: " + key +
                                      " must be the same for all members, not " + here + " here and " +
                                      there + " on " + mistakes.spelt(first.position, member.position));
}

}  // namespace

void SyncGroups::join(Membership member, Mistakes& mistakes) {
    const auto known = groups_.find(member.group);
    if (known == groups_.end()) {
        const std::string name = member.group;
        groups_.emplace(name, Group{std::move(member), 1});
        return;
    }
    Group& group = known->second;
    ++group.members;
    if (member.priority != group.first.priority)
        refuse_difference(group.first, member, "priority", std::to_string(member.priority.value()),
                          std::to_string(group.first.priority.value()), mistakes);
    if (member.preempt != group.first.preempt)
        refuse_difference(group.first, member, "preempt", spelt(member.preempt), spelt(group.first.preempt),
                          mistakes);
    if (member.preempt_delay != group.first.preempt_delay)
        refuse_difference(group.first, member, "preempt-delay", spelt(member.preempt_delay),
                          spelt(group.first.preempt_delay), mistakes);
}

void SyncGroups::check_sizes(Mistakes& mistakes) const {
    for (const auto& [name, group] : groups_)
        if (group.members == 1)
            mistakes.add(group.first.position, "sync-group " + quoted(name) +
                                                   " has only this Virtual Router: give the other members "
                                                   "the same sync-group, or remove the key");
}

}  // namespace vrrp_xdp::config

// SPDX-License-Identifier: BSD-2-Clause
#include "elections/sync_groups.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "elections/router_set.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::elections {

using protocol::GroupMember;
using protocol::GroupMove;
using protocol::State;
using protocol::TimePoint;

void SyncGroups::form() {
    std::map<std::string, Group> groups;
    routers_.for_each_interface([&](std::uint32_t index, Interface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
            VirtualRouter& vr = interface.virtual_routers[i];
            vr.sync_group.reset();
            if (!vr.config.sync_group.empty()) groups[vr.config.sync_group].members.push_back({index, i});
        }
    });
    // Who is suspended comes back, and keeps the others waiting until then.
    for (const Group& before : groups_)
        for (const RouterId id : before.members)
            if (routers_.is_suspended(id.interface) && groups.contains(before.name))
                groups[before.name].members.push_back(id);
    groups_.clear();
    std::size_t largest = 0;
    for (auto& [name, group] : groups) {
        for (const RouterId id : group.members)
            if (routers_.interface(id.interface) != nullptr)
                routers_.router(id).sync_group = static_cast<std::uint32_t>(groups_.size());
        largest = std::max(largest, group.members.size());
        groups_.push_back({.name = name, .members = std::move(group.members), .news = {}, .disturbed = true});
    }
    view_.reserve(largest);
}

void SyncGroups::note_news(std::uint32_t index, const protocol::Election& before,
                           const protocol::Step& step) {
    Group& group = groups_[index];
    group.disturbed |= step.followed || step.election.state != before.state ||
                       step.election.leaving != before.leaving || step.election.sending != before.sending;
    group.news.add(before, step.election);
}

void SyncGroups::settle() {
    for (Group& group : groups_)
        while (std::exchange(group.disturbed, false)) settle(group);
}

void SyncGroups::settle(Group& group) {
    if (group.members.empty()) return;
    const protocol::Priority priority = common_priority(view(group));
    for (const RouterId id : group.members)
        if (routers_.interface(id.interface) != nullptr) routers_.set_priority(id, priority);
    const TimePoint now = routers_.now();
    move(group, next_move(view(group), std::exchange(group.news, {}), now), now);
}

void SyncGroups::move(const Group& group, GroupMove how, TimePoint now) {
    const auto event = event_of(how);
    for (const RouterId id : group.members) {
        if (routers_.interface(id.interface) == nullptr) continue;
        if (event) routers_.apply(id, *event, now);
        if (how == GroupMove::Start && routers_.router(id).election.state == State::Initialize)
            routers_.begin(id);
    }
}

std::span<const GroupMember> SyncGroups::view(const Group& group) {
    view_.clear();
    for (const RouterId id : group.members) view_.push_back(view(id));
    return view_;
}

/// Who is not here, for its interface is released or suspended, is not able, nor is who leaves.
GroupMember SyncGroups::view(RouterId id) {
    const Interface* const interface = routers_.interface(id.interface);
    if (interface == nullptr) return {};
    const VirtualRouter& vr = routers_.router(id);
    const protocol::Duration interval = vr.election.active_adver_interval;
    GroupMember member{.able = vr.able && !interface->leaving,
                       .priority = vr.own_priority(),
                       .election = vr.election,
                       .skew = skew_time(version_of(vr.config.version, vr.election), vr.priority, interval)};
    if (vr.election.following) member.heard = std::max(vr.followed->at, interface->last_heard(id.router));
    return member;
}

bool SyncGroups::waits(RouterId id, TimePoint now) {
    const VirtualRouter& vr = routers_.router(id);
    if (!vr.sync_group || vr.election.state != State::Backup) return false;
    const Group& group = groups_[*vr.sync_group];
    const auto self = std::find(group.members.begin(), group.members.end(), id);
    const auto due = static_cast<std::size_t>(self - group.members.begin());
    const auto until = waits_until(view(group), due, now);
    if (until) routers_.apply(id, protocol::GroupWaits{*until}, now);
    return until.has_value();
}

void SyncGroups::disturb_those_on(std::uint32_t index) {
    for (Group& group : groups_)
        group.disturbed |= std::any_of(group.members.begin(), group.members.end(),
                                       [&](RouterId id) { return id.interface == index; });
}

bool SyncGroups::any_is_disturbed() const {
    return std::any_of(groups_.begin(), groups_.end(), [](const Group& group) { return group.disturbed; });
}

void SyncGroups::leave_out(std::uint32_t index) {
    for (Group& group : groups_)
        std::erase_if(group.members, [&](RouterId id) { return id.interface == index; });
}

}  // namespace vrrp_xdp::elections

// SPDX-License-Identifier: BSD-2-Clause
// The protocol loop's part in sync groups: what their rules see, and what they ask for.
#include <algorithm>
#include <map>
#include <string>

#include "engine/protocol_loop.hpp"
#include "net/boot_clock.hpp"
#include "protocol/timers.hpp"

namespace vrrp_xdp::engine {

using protocol::GroupMember;
using protocol::GroupMove;
using protocol::State;
using protocol::TimePoint;

void ProtocolLoop::form_groups() {
    std::map<std::string, SyncGroup> groups;
    for_each_interface([&](std::uint32_t index, ManagedInterface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
            elections::VirtualRouter& vr = interface.virtual_routers[i];
            vr.sync_group.reset();
            if (!vr.config.sync_group.empty()) groups[vr.config.sync_group].members.push_back({index, i});
        }
    });
    // Who is suspended comes back, and keeps the others waiting until then.
    for (const SyncGroup& before : groups_)
        for (const elections::RouterId id : before.members)
            if (suspended_[id.interface] && groups.contains(before.name))
                groups[before.name].members.push_back(id);
    groups_.clear();
    std::size_t largest = 0;
    for (auto& [name, group] : groups) {
        for (const elections::RouterId id : group.members)
            if (interfaces_[id.interface] != nullptr)
                router(id).sync_group = static_cast<std::uint32_t>(groups_.size());
        largest = std::max(largest, group.members.size());
        groups_.push_back({.name = name, .members = std::move(group.members), .news = {}, .disturbed = true});
    }
    view_.reserve(largest);
}

void ProtocolLoop::go_alone(elections::RouterId id) {
    const elections::VirtualRouter& vr = router(id);
    set_priority(id, vr.wanted_priority);
    if (vr.able && vr.election.state == State::Initialize) begin(id);
}

void ProtocolLoop::note_news(SyncGroup& group, const protocol::Election& before, const protocol::Step& step) {
    group.disturbed |= step.followed || step.election.state != before.state ||
                       step.election.leaving != before.leaving || step.election.sending != before.sending;
    group.news.add(before, step.election);
}

void ProtocolLoop::settle_groups() {
    for (SyncGroup& group : groups_)
        while (std::exchange(group.disturbed, false)) settle(group);
}

void ProtocolLoop::settle(SyncGroup& group) {
    if (group.members.empty()) return;
    const protocol::Priority priority = common_priority(view(group));
    for (const elections::RouterId id : group.members)
        if (interfaces_[id.interface] != nullptr) set_priority(id, priority);
    const TimePoint now = net::boot_now();
    move(group, next_move(view(group), std::exchange(group.news, {}), now), now);
}

void ProtocolLoop::move(SyncGroup& group, GroupMove how, TimePoint now) {
    const auto event = event_of(how);
    for (const elections::RouterId id : group.members) {
        if (interfaces_[id.interface] == nullptr) continue;
        if (event) apply(id, *event, now);
        if (how == GroupMove::Start && router(id).election.state == State::Initialize) begin(id);
    }
}

std::span<const GroupMember> ProtocolLoop::view(const SyncGroup& group) {
    view_.clear();
    for (const elections::RouterId id : group.members) view_.push_back(view(id));
    return view_;
}

/// Who is not here, for its interface is released or suspended, is not able, nor is who leaves.
GroupMember ProtocolLoop::view(elections::RouterId id) {
    const ManagedInterface* const interface = interfaces_[id.interface];
    if (interface == nullptr) return {};
    const elections::VirtualRouter& vr = router(id);
    const protocol::Duration interval = vr.election.active_adver_interval;
    GroupMember member{.able = vr.able && !interface->leaving,
                       .priority = vr.wanted_priority,
                       .election = vr.election,
                       .skew = skew_time(version_of(vr.config.version, vr.election), vr.priority, interval)};
    if (vr.election.following) member.heard = std::max(vr.followed->at, interface->last_heard(id.router));
    return member;
}

bool ProtocolLoop::waits_for_group(elections::RouterId id, TimePoint now) {
    const elections::VirtualRouter& vr = router(id);
    if (!vr.sync_group || vr.election.state != State::Backup) return false;
    const SyncGroup& group = groups_[*vr.sync_group];
    const auto self = std::find(group.members.begin(), group.members.end(), id);
    const auto due = static_cast<std::size_t>(self - group.members.begin());
    const auto until = waits_until(view(group), due, now);
    if (until) apply(id, protocol::GroupWaits{*until}, now);
    return until.has_value();
}

void ProtocolLoop::disturb_groups(std::uint32_t index) {
    for (SyncGroup& group : groups_)
        group.disturbed |= std::any_of(group.members.begin(), group.members.end(),
                                       [&](elections::RouterId id) { return id.interface == index; });
}

void ProtocolLoop::leave_groups(std::uint32_t index) {
    for (SyncGroup& group : groups_)
        std::erase_if(group.members, [&](elections::RouterId id) { return id.interface == index; });
}

}  // namespace vrrp_xdp::engine

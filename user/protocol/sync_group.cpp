// SPDX-License-Identifier: BSD-2-Clause
#include "protocol/sync_group.hpp"

#include <algorithm>

namespace vrrp_xdp::protocol {
namespace {

/// Returns until when the router that it follows may be heard again by others that wait for it: what is left
/// of its lease after that, the first word of this group ends.
TimePoint hears_until(const GroupMember& member) {
    const Election& election = member.election;
    if (election.state != State::Backup || !election.following) return {};
    return member.heard + 3 * election.active_adver_interval;
}

/// Until when anybody's lease may last: its patience without Skew_Time.
TimePoint bound_until(const GroupMember& member) {
    if (member.election.state != State::Backup) return {};
    return std::max(hears_until(member), member.election.timer - member.skew);
}

/// Whether another member has to find out first whether its advertisements leave: without it, the group does
/// not take over.
bool waits_to_be_heard(std::span<const GroupMember> members, std::size_t due) {
    if (members[due].election.sending != Sending::Works) return false;
    return std::any_of(members.begin(), members.end(), [](const GroupMember& member) {
        return member.election.state == State::Backup && member.election.sending != Sending::Works;
    });
}

}  // namespace

void GroupNews::add(const Election& before, const Election& after) {
    const bool was_active = before.state == State::Active;
    left |= was_active && after.state == State::Backup && after.cause != Cause::GroupBackup;
    took |= !was_active && after.state == State::Active && after.cause != Cause::GroupActive &&
            after.cause != Cause::Adopted;
}

GroupMove next_move(std::span<const GroupMember> members, GroupNews news, TimePoint now) {
    bool all_able = true;
    bool some_run = false;
    bool some_rest = false;
    bool some_active = false;
    bool some_hear = false;
    bool some_leave = false;
    bool some_unheard = false;
    for (const GroupMember& member : members) {
        // One that is drained serves until its own successor is heard, and takes part from then on.
        const bool leaves = member.election.leaving && !member.election.drains;
        some_leave |= leaves;
        if (leaves) continue;  // whatever becomes of the others
        const State state = member.election.state;
        all_able &= member.able;
        some_run |= state != State::Initialize;
        some_rest |= state == State::Initialize;
        some_active |= state == State::Active;
        some_hear |= now < hears_until(member);
        some_unheard |= state == State::Backup && member.election.sending == Sending::Fails;
    }
    if (some_leave) return some_run ? GroupMove::Leave : GroupMove::None;
    if (!all_able) return some_run ? GroupMove::Stop : GroupMove::None;
    if (some_rest) return GroupMove::Start;
    if (some_active && news.left) return GroupMove::Yield;
    if (news.took) return GroupMove::TakeOver;
    // Where a lease was adopted that the others no longer had, or one has tried in vain to go along.
    return some_active && (some_hear || some_unheard) ? GroupMove::Yield : GroupMove::None;
}

std::optional<Event> event_of(GroupMove move) {
    switch (move) {
        case GroupMove::None:
        case GroupMove::Start:
            break;
        case GroupMove::Stop:
            return Shutdown{Cause::GroupFaulted};
        case GroupMove::Leave:
            return Leave{Cause::GroupFaulted};
        case GroupMove::Yield:
            return GroupYielded{};
        case GroupMove::TakeOver:
            return GroupTookOver{};
    }
    return std::nullopt;
}

Priority common_priority(std::span<const GroupMember> members) {
    const auto lower = [](const GroupMember& one, const GroupMember& other) {
        return one.priority < other.priority;
    };
    return std::min_element(members.begin(), members.end(), lower)->priority;
}

std::optional<TimePoint> waits_until(std::span<const GroupMember> members, std::size_t due, TimePoint now) {
    if (waits_to_be_heard(members, due)) return now + members[due].election.active_adver_interval;
    if (members[due].election.dismissed) return std::nullopt;
    TimePoint until{};
    for (std::size_t i = 0; i < members.size(); ++i)
        if (i != due) until = std::max(until, bound_until(members[i]));
    return until > now ? std::optional(until) : std::nullopt;
}

}  // namespace vrrp_xdp::protocol

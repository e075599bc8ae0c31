// SPDX-License-Identifier: BSD-2-Clause
// Elections that move together, as those of a router's inside and outside do: what follows for the others
// when one of them moves. Pure, as step() is; whoever calls it applies what it says to each member.
#pragma once

#include <optional>
#include <span>

#include "protocol/state_machine.hpp"

namespace vrrp_xdp::protocol {

/// An election as its group sees it.
struct GroupMember {
    bool able = false;                      ///< nothing of its own keeps it from taking part
    Priority priority = Priority::owner();  ///< what it would advertise by itself
    Election election{};
    Duration skew{};    ///< its Skew_Time
    TimePoint heard{};  ///< when the Active Router that it follows was last heard
};

/// What members did by themselves since the group was last in step.
struct GroupNews {
    bool left = false;  ///< one is no longer Active: it yielded, or woke too late
    bool took = false;  ///< one has taken over

    /// Adds what a step of one member means to the others.
    void add(const Election& before, const Election& after);
};

/// What brings the group in step again.
enum class GroupMove : std::uint8_t {
    None,
    Stop,      ///< Shutdown to every member that runs: one is not able
    Leave,     ///< the event Leave to every member that runs: one does
    Start,     ///< Startup to every member that does not: all are able
    Yield,     ///< GroupYielded to every Active member
    TakeOver,  ///< GroupTookOver to every Backup member
};
GroupMove next_move(std::span<const GroupMember> members, GroupNews news, TimePoint now);
/// Returns the event that a member needs for it. The caller creates Start, because it knows the cause.
std::optional<Event> event_of(GroupMove move);

/// Returns the priority that all members advertise: members with different ones would pull the group back and
/// forth.
Priority common_priority(std::span<const GroupMember> members);

/// Returns until when the member whose Active_Down_Timer has expired must wait, if it must: another member
/// may still hear the router that it follows, or has not listened for long enough to know of one. That
/// router's next advertisement would undo a takeover, and the group would move back and forth while only a
/// part of it is cut off. A farewell is sent for a whole group, and then no member waits.
std::optional<TimePoint> waits_until(std::span<const GroupMember> members, std::size_t due, TimePoint now);

}  // namespace vrrp_xdp::protocol

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
/// What a member has to be told for it. Start is for the caller: it knows what starts it.
std::optional<Event> event_of(GroupMove move);

/// What all members advertise: members that want different things would pull the group back and forth.
Priority common_priority(std::span<const GroupMember> members);

/// Whether the member whose Active_Down_Timer is due has to wait, and until when, because another one may
/// still hear the router that it follows, or has not listened for long enough to know of one. Taking over
/// from a router that lives would be undone by its next advertisement, and the group would move back and
/// forth for as long as only a part of it is cut off. A farewell is said for a whole group, and then nobody
/// waits.
std::optional<TimePoint> waits_until(std::span<const GroupMember> members, std::size_t due, TimePoint now);

}  // namespace vrrp_xdp::protocol

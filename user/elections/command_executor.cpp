// SPDX-License-Identifier: BSD-2-Clause
#include "elections/command_executor.hpp"

#include <algorithm>

#include "elections/interface_events.hpp"
#include "elections/receiver.hpp"
#include "elections/reconfigurer.hpp"
#include "elections/router_set.hpp"
#include "elections/sender.hpp"
#include "elections/sync_groups.hpp"

namespace vrrp_xdp::elections {

using protocol::Cause;
using protocol::State;
using protocol::TimePoint;

void CommandExecutor::execute(const Command& command) {
    if (std::holds_alternative<TakeSnapshot>(command)) take_snapshots();
    if (std::holds_alternative<LookAgain>(command)) parts_.interface_events.look_again();
    if (const auto* asked = std::get_if<Leave>(&command)) leave(asked->interface);
    if (const auto* left = std::get_if<Release>(&command)) release(left->interface);
    if (const auto* handed = std::get_if<HandOver>(&command)) hand_over(handed->interface);
    if (const auto* lost = std::get_if<Suspend>(&command)) suspend(lost->interface);
    if (const auto* whole = std::get_if<Resume>(&command)) resume(*whole);
    if (const auto* effect = std::get_if<SetEffect>(&command)) set_effect(*effect);
    if (std::holds_alternative<Reconciled>(command)) reconciled_ = true;
    if (const auto* another = std::get_if<Reconfigure>(&command)) {
        Reconfigurer(parts_, *this).reconfigure(*another->to);
        reconciled_ = false;
    }
}

Result<void> CommandExecutor::take_in(std::uint32_t index) {
    if (!parts_.receiver.knows_port_of(index))
        if (auto watched = parts_.routers.host().watch(index); !watched) return watched;
    parts_.receiver.take_in(index);
    return {};
}

void CommandExecutor::take_snapshots() {
    parts_.routers.for_each_interface([](std::uint32_t, Interface& interface) {
        interface.take_snapshots();
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
            // In steady state only the data plane hears.
            const VirtualRouter& vr = interface.virtual_routers[i];
            if (const TimePoint stamp = interface.last_heard(i);
                vr.election.following && stamp > vr.heard->at) {
                interface.snapshots[i].heard = vr.followed;
                interface.snapshots[i].heard->at = stamp;
            }
        }
    });
    parts_.routers.tell(SnapshotTaken{});
}

void CommandExecutor::leave(std::optional<std::uint32_t> which) {
    for (std::uint32_t i = 0; i < parts_.routers.size(); ++i) {
        if (which.value_or(i) != i) continue;
        if (parts_.routers.is_suspended(i)) release(i);
        if (parts_.routers.interface(i) == nullptr) continue;
        parts_.routers.interface(i)->leaving = true;
        parts_.routers.apply_to_all(i, protocol::Leave{});
    }
}

/// In every turn, and so one comparison an interface while nobody leaves.
void CommandExecutor::release_who_has_left() {
    parts_.routers.for_each_interface([this](std::uint32_t index, const Interface& interface) {
        if (!interface.leaving) return;
        const auto& routers = interface.virtual_routers;
        const bool serves = std::any_of(routers.begin(), routers.end(), [](const VirtualRouter& vr) {
            return vr.election.state == State::Active;
        });
        if (!serves) release(index);
    });
}

void CommandExecutor::release(std::uint32_t index) {
    if (parts_.routers.interface(index) != nullptr) {
        parts_.routers.apply_to_all(index, protocol::Shutdown{});
        parts_.sender.send();
        let_go(index);
    } else if (!parts_.routers.is_suspended(index)) {
        return;
    }
    parts_.routers.set_suspended(index, false);
    parts_.routers.tell(Released{index});
}

/// No farewell, and the leases stay: the successor goes on before they run out.
void CommandExecutor::hand_over(std::uint32_t index) {
    if (parts_.routers.interface(index) == nullptr) return;
    const dataplane::Port* const port = parts_.routers.interface(index)->data_plane;
    // Once more, so that the leases are whole when the successor begins.
    parts_.routers.for_each_interface([&](std::uint32_t, Interface& interface) {
        for (std::uint32_t i = 0; interface.data_plane == port && i < interface.virtual_routers.size(); ++i)
            if (interface.virtual_routers[i].election.state == State::Active)
                interface.queue(i, {.advertise = true});
    });
    parts_.sender.send();
    parts_.routers.for_each_interface([&](std::uint32_t each, const Interface& interface) {
        if (interface.data_plane != port) return;
        parts_.routers.hand_over(each);
        parts_.groups.leave_out(each);  // the successor's are others
        let_go(each);
    });
    parts_.routers.tell(HandedOver{index});
}

void CommandExecutor::suspend(std::uint32_t index) {
    if (parts_.routers.interface(index) == nullptr) return;
    if (parts_.routers.interface(index)->leaving) return release(index);
    parts_.routers.apply_to_all(index, protocol::Shutdown{Cause::DataPlaneGone});
    parts_.sender.send();
    let_go(index);
    parts_.routers.set_suspended(index, true);
    parts_.routers.tell(Suspended{index});
}

void CommandExecutor::resume(const Resume& command) {
    const std::uint32_t index = command.interface;
    if (!parts_.routers.is_suspended(index)) return;
    parts_.routers.set_interface(index, command.opened);
    if (!take_in(index)) {  // deaf, it must not run
        parts_.routers.set_interface(index, nullptr);
        parts_.routers.tell(Suspended{index});
        return;
    }
    parts_.routers.set_suspended(index, false);
    parts_.groups.form();
    parts_.interface_events.start(index, Cause::InterfaceUp);
    parts_.interface_events.drop_leases(index);
}

void CommandExecutor::set_effect(const SetEffect& effect) {
    const RouterId id = effect.router;
    // Said of places that are others' now, it is said again once both threads mean the same by them.
    if (!reconciled_ || parts_.routers.interface(id.interface) == nullptr) return;
    VirtualRouter& vr = parts_.routers.router(id);
    vr.wanted_priority = vr.config.priority.is_owner() ? vr.config.priority : effect.priority;
    vr.faulted = effect.faulted;
    if (effect.drained && !vr.drained) parts_.sender.send();  // a takeover of this turn is heard of first
    parts_.routers.set_drained(id, effect.drained);
    if (vr.sync_group)
        parts_.groups.disturb(*vr.sync_group);
    else
        parts_.routers.set_priority(id, vr.own_priority());
    parts_.routers.follow_ability(id, Cause::Recovered, Cause::Faulted);
}

void CommandExecutor::let_go(std::uint32_t index) {
    const dataplane::Port* const port = parts_.routers.interface(index)->data_plane;
    parts_.routers.host().elections_ended(index);
    parts_.groups.disturb_those_on(index);

    const auto& all = parts_.routers.interfaces();
    const auto has_port = [&](const Interface* each) { return each != nullptr && each->data_plane == port; };
    if (std::count_if(all.begin(), all.end(), has_port) == 1) {
        parts_.routers.host().unwatch(index);
        parts_.receiver.drop_port(port);
    }
    parts_.routers.set_interface(index, nullptr);
}

}  // namespace vrrp_xdp::elections

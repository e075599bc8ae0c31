// SPDX-License-Identifier: BSD-2-Clause
// The protocol loop's part in what the ordinary thread asks for.
#include <algorithm>

#include "engine/protocol_loop.hpp"
#include "net/boot_clock.hpp"

namespace vrrp_xdp::engine {

namespace {

/// A condition may cost as many new frames as it has addresses and peers; timers must not wait for hundreds.
constexpr std::size_t kCommandsPerTurn = 32;

}  // namespace

using protocol::Cause;
using protocol::State;
using protocol::TimePoint;

// NOLINTNEXTLINE(readability-function-cognitive-complexity): a line for each command
void ProtocolLoop::execute_commands() {
    commands_.drain(
        [this](const Command& command) {
            if (std::holds_alternative<TakeSnapshot>(command)) take_snapshots();
            if (std::holds_alternative<LookAgain>(command)) look_again();
            if (const auto* asked = std::get_if<Leave>(&command)) leave(asked->interface);
            if (const auto* left = std::get_if<Release>(&command)) release(left->interface);
            if (const auto* handed = std::get_if<HandOver>(&command)) hand_over(handed->interface);
            if (const auto* lost = std::get_if<Suspend>(&command)) suspend(lost->interface);
            if (const auto* whole = std::get_if<Resume>(&command)) resume(*whole);
            if (const auto* condition = std::get_if<SetEffect>(&command)) set_effect(*condition);
            if (const auto* another = std::get_if<Reconfigure>(&command)) reconfigure(*another->to);
            if (std::holds_alternative<Reconciled>(command)) reconciled_ = true;
            if (std::holds_alternative<End>(command)) ended_ = true;
        },
        kCommandsPerTurn);
    settle_groups();
}

void ProtocolLoop::take_snapshots() {
    for_each_interface([](std::uint32_t, ManagedInterface& interface) {
        interface.take_snapshots();
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) {
            // In steady state only the data plane hears.
            const elections::VirtualRouter& vr = interface.virtual_routers[i];
            if (const TimePoint stamp = interface.last_heard(i);
                vr.election.following && stamp > vr.heard->at) {
                interface.snapshots[i].heard = vr.followed;
                interface.snapshots[i].heard->at = stamp;
            }
        }
    });
    pending_.emplace_back(SnapshotTaken{});
}

void ProtocolLoop::leave(std::optional<std::uint32_t> which) {
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
        if (which.value_or(i) != i) continue;
        if (suspended_[i]) release(i);
        if (interfaces_[i] == nullptr) continue;
        interfaces_[i]->leaving = true;
        apply_to_all(i, protocol::Leave{});
    }
}

/// In every turn, and so one comparison an interface while nobody leaves.
void ProtocolLoop::release_who_has_left() {
    for_each_interface([this](std::uint32_t index, const ManagedInterface& interface) {
        if (!interface.leaving) return;
        const auto& routers = interface.virtual_routers;
        const bool serves = std::any_of(
            routers.begin(), routers.end(),
            [](const elections::VirtualRouter& vr) { return vr.election.state == State::Active; });
        if (!serves) release(index);
    });
}

void ProtocolLoop::release(std::uint32_t index) {
    if (interfaces_[index] != nullptr) {
        apply_to_all(index, protocol::Shutdown{});
        send();
        let_go(index);
    } else if (!suspended_[index]) {
        return;
    }
    suspended_[index] = false;
    pending_.emplace_back(Released{index});
}

/// No farewell, and the leases stay: the successor goes on before they run out.
void ProtocolLoop::hand_over(std::uint32_t index) {
    if (interfaces_[index] == nullptr) return;
    const auto port = interfaces_[index]->port;
    // Once more, so that the leases are whole when the successor begins.
    for_each_interface([&](std::uint32_t, ManagedInterface& interface) {
        for (std::uint32_t i = 0; interface.port == port && i < interface.virtual_routers.size(); ++i)
            if (interface.virtual_routers[i].election.state == State::Active)
                interface.queue(i, {.advertise = true});
    });
    send();
    for_each_interface([&](std::uint32_t each, const ManagedInterface& interface) {
        if (interface.port != port) return;
        for (const elections::VirtualRouter& vr : interface.virtual_routers)
            if (vr.election.state == State::Active) --active_elections_;
        leave_groups(each);  // the successor's are others
        let_go(each);
    });
    pending_.emplace_back(HandedOver{index});
}

void ProtocolLoop::suspend(std::uint32_t index) {
    if (interfaces_[index] == nullptr) return;
    if (interfaces_[index]->leaving) return release(index);
    apply_to_all(index, protocol::Shutdown{Cause::DataPlaneGone});
    send();
    let_go(index);
    suspended_[index] = true;
    pending_.emplace_back(Suspended{index});
}

void ProtocolLoop::resume(const Resume& command) {
    const std::uint32_t index = command.interface;
    if (!suspended_[index]) return;
    interfaces_[index] = command.opened;
    if (!take_in(index)) {  // deaf, it must not run
        interfaces_[index] = nullptr;
        pending_.emplace_back(Suspended{index});
        return;
    }
    suspended_[index] = false;
    form_groups();
    start(index, Cause::InterfaceUp);
    drop_leases(index);
}

void ProtocolLoop::set_effect(const SetEffect& condition) {
    const elections::RouterId id = condition.router;
    // Said of places that are others' now, it is said again once both threads mean the same by them.
    if (!reconciled_ || interfaces_[id.interface] == nullptr) return;
    elections::VirtualRouter& vr = router(id);
    vr.wanted_priority = vr.config.priority.is_owner() ? vr.config.priority : condition.priority;
    vr.faulted = condition.faulted;
    if (vr.sync_group)
        groups_[*vr.sync_group].disturbed = true;
    else
        set_priority(id, vr.wanted_priority);
    follow_ability(id, Cause::Recovered, Cause::Faulted);
}

void ProtocolLoop::set_priority(elections::RouterId id, protocol::Priority priority) {
    elections::VirtualRouter& vr = router(id);
    if (vr.priority == priority) return;
    if (!vr.primary_address) return vr.set_priority(priority);
    const protocol::Parameters before = vr.parameters();
    const TimePoint now = net::boot_now();
    const ManagedInterface& interface = *interfaces_[id.interface];
    apply(id, protocol::ActiveHeard{interface.last_heard(id.router)}, now);
    vr.set_priority(priority);
    apply(id, protocol::ParametersChanged{before}, now);
}

void ProtocolLoop::let_go(std::uint32_t index) {
    const auto port = interfaces_[index]->port;
    for (guardian::FencingEntry& entry : interfaces_[index]->fencing_entries) void_entry(entry);
    disturb_groups(index);
    interfaces_[index] = nullptr;

    bool shared = false;
    for_each_interface([&](std::uint32_t, const ManagedInterface& other) { shared |= other.port == port; });
    if (shared) return;
    unwatch(port->event_fd());
    std::erase_if(ports_, [&](const SharedPort& each) { return each.port == port; });
}

}  // namespace vrrp_xdp::engine

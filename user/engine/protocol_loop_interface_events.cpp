// SPDX-License-Identifier: BSD-2-Clause
// The protocol loop's part in what interfaces do: elections begin and end with them.
#include <algorithm>

#include "engine/protocol_loop.hpp"
#include "net/boot_clock.hpp"

namespace vrrp_xdp::engine {

using protocol::Cause;
using protocol::State;
using protocol::TimePoint;

void ProtocolLoop::start(std::uint32_t index, Cause up) {
    ManagedInterface& interface = *interfaces_[index];
    // Of another's election, if anything: what it knew is not known here.
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) interface.expect_nothing(i);
    follow_interface(index, up);
}

void ProtocolLoop::drop_leases(std::uint32_t index) {
    ManagedInterface& interface = *interfaces_[index];
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (interface.virtual_routers[i].election.state != State::Active)
            interface.store_lease(i, protocol::kNoLease);
}

void ProtocolLoop::follow_interfaces() { follow(monitor_.update()); }

void ProtocolLoop::look_again() {
    static_cast<void>(monitor_.refresh());
    for_each_interface([this](std::uint32_t index, const ManagedInterface&) {
        follow_interface(index, Cause::InterfaceUp);
    });
}

void ProtocolLoop::follow(const std::vector<unsigned>& changed) {
    for_each_interface([&](std::uint32_t index, const ManagedInterface& interface) {
        if (std::binary_search(changed.begin(), changed.end(), interface.index))
            follow_interface(index, Cause::InterfaceUp);
    });
}

void ProtocolLoop::follow_interface(std::uint32_t index, Cause up) {
    const ManagedInterface& interface = *interfaces_[index];
    auto state = monitor_.state_of(interface.index);
    // A name may pass to another interface, on which nothing of ours is, and this one then is nobody's here.
    if (state && state->name != interface.name) state.reset();
    interfaces_[index]->followed = net::fingerprint(state);
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        follow_address({index, i}, state, up);
}

void ProtocolLoop::follow_address(elections::RouterId id, const std::optional<net::InterfaceState>& state,
                                  Cause up) {
    elections::VirtualRouter& vr = router(id);
    const bool running = state && state->running;
    const auto& passed_over = interfaces_[id.interface]->passed_over;
    const auto address = state ? vr.source_on(*state, passed_over) : std::nullopt;
    vr.interface_works = running && address;

    const auto mac = state ? vr.mac_on(state->mac) : vr.mac;
    const bool moves = mac != vr.mac;
    if (address && (vr.primary_address != address || moves)) {
        vr.set_source(*address, mac);
        if (!vr.election.leaving)
            set_farewells(interfaces_[id.interface]->fencing_entries[id.router], vr.farewells);
        if (moves && vr.election.state == State::Active)
            interfaces_[id.interface]->queue(id.router, {.announce_addresses = true});
    }
    if (state && vr.interface_mac != state->mac) {
        vr.interface_mac = state->mac;
        pending_.emplace_back(elections::MacChanged{id, state->mac});
    }
    follow_ability(id, up, running ? Cause::PrimaryAddressGone : Cause::InterfaceDown);
}

void ProtocolLoop::follow_ability(elections::RouterId id, Cause up, Cause down) {
    elections::VirtualRouter& vr = router(id);
    const bool waits = interfaces_[id.interface]->starts_at != TimePoint{};
    const bool able = vr.interface_works && !vr.faulted && !waits;
    if (able == vr.able) return;
    vr.able = able;
    vr.up = up;
    if (!able) apply(id, protocol::Shutdown{down}, net::boot_now());
    if (vr.sync_group)
        groups_[*vr.sync_group].disturbed = true;
    else if (able)
        begin(id);
}

void ProtocolLoop::waive_startup_delay() {
    const TimePoint now = net::boot_now();
    bool any = false;
    for_each_interface([&](std::uint32_t, const ManagedInterface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) any |= interface.lease(i) > now;
    });
    if (any) for_each_interface([](std::uint32_t, ManagedInterface& interface) { interface.starts_at = {}; });
}

void ProtocolLoop::end_startup_delay() {
    for_each_interface([this](std::uint32_t index, ManagedInterface& interface) {
        if (interface.starts_at == TimePoint{} || last_heartbeat_ < interface.starts_at) return;
        interface.starts_at = {};
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
            follow_ability({index, i}, Cause::Startup, Cause::Startup);
    });
}

void ProtocolLoop::begin(elections::RouterId id) {
    if (interfaces_[id.interface]->leaving) return;
    const Cause up = std::exchange(router(id).up, Cause::GroupRecovered);
    if (up == Cause::Startup)
        adopt(id);
    else
        apply(id, protocol::Startup{up}, net::boot_now());
}

void ProtocolLoop::adopt(elections::RouterId id) {
    ManagedInterface& interface = *interfaces_[id.interface];
    // Whom another router has succeeded has nothing left to adopt.
    if (interface.is_succeeded(id.router)) interface.store_lease(id.router, protocol::kNoLease);
    apply(id, protocol::Adopted{interface.lease(id.router)}, net::boot_now());
    // The instance before may have had the addresses at another MAC.
    if (router(id).election.state == State::Active) interface.queue(id.router, {.announce_addresses = true});
}

}  // namespace vrrp_xdp::engine

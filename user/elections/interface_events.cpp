// SPDX-License-Identifier: BSD-2-Clause
#include "elections/interface_events.hpp"

#include <algorithm>

#include "elections/router_set.hpp"

namespace vrrp_xdp::elections {

using protocol::Cause;
using protocol::State;
using protocol::TimePoint;

void InterfaceEvents::start(std::uint32_t index, Cause up) {
    Interface& interface = *routers_.interface(index);
    // Of another's election, if anything: what it knew is not known here.
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) interface.expect_nothing(i);
    follow_interface(index, up);
}

void InterfaceEvents::drop_leases(std::uint32_t index) {
    Interface& interface = *routers_.interface(index);
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (interface.virtual_routers[i].election.state != State::Active)
            interface.store_lease(i, protocol::kNoLease);
}

void InterfaceEvents::follow_changes() {
    const std::vector<unsigned> changed = routers_.host().changed_interfaces();
    routers_.for_each_interface([&](std::uint32_t index, const Interface& interface) {
        if (std::binary_search(changed.begin(), changed.end(), interface.index))
            follow_interface(index, Cause::InterfaceUp);
    });
}

void InterfaceEvents::look_again() {
    routers_.host().refresh_interfaces();
    routers_.for_each_interface(
        [this](std::uint32_t index, const Interface&) { follow_interface(index, Cause::InterfaceUp); });
}

void InterfaceEvents::follow_interface(std::uint32_t index, Cause up) {
    const Interface& interface = *routers_.interface(index);
    auto state = routers_.host().state_of(interface.index);
    // A name may pass to another interface, on which nothing of ours is, and this one then is nobody's here.
    if (state && state->name != interface.name) state.reset();
    routers_.interface(index)->followed = net::fingerprint(state);
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        follow_address({index, i}, state, up);
}

void InterfaceEvents::follow_address(RouterId id, const std::optional<net::InterfaceState>& state, Cause up) {
    VirtualRouter& vr = routers_.router(id);
    const bool running = state && state->running;
    const auto& passed_over = routers_.interface(id.interface)->passed_over;
    const auto address = state ? vr.source_on(*state, passed_over) : std::nullopt;
    vr.interface_works = running && address;

    const auto mac = state ? vr.mac_on(state->mac) : vr.mac;
    const bool moves = mac != vr.mac;
    if (address && (vr.primary_address != address || moves)) {
        vr.set_source(*address, mac);
        if (!vr.election.leaving) routers_.host().farewells_changed(id);
        if (moves && vr.election.state == State::Active)
            routers_.interface(id.interface)->queue(id.router, {.announce_addresses = true});
    }
    if (state && vr.interface_mac != state->mac) {
        vr.interface_mac = state->mac;
        routers_.tell(MacChanged{id, state->mac});
    }
    routers_.follow_ability(id, up, running ? Cause::PrimaryAddressGone : Cause::InterfaceDown);
}

void InterfaceEvents::waive_startup_delay() {
    const TimePoint now = routers_.now();
    bool any = false;
    routers_.for_each_interface([&](std::uint32_t, const Interface& interface) {
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i) any |= interface.lease(i) > now;
    });
    if (any)
        routers_.for_each_interface([](std::uint32_t, Interface& interface) { interface.starts_at = {}; });
}

void InterfaceEvents::end_startup_delay(TimePoint now) {
    routers_.for_each_interface([&](std::uint32_t index, Interface& interface) {
        if (interface.starts_at == TimePoint{} || now < interface.starts_at) return;
        interface.starts_at = {};
        for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
            routers_.follow_ability({index, i}, Cause::Startup, Cause::Startup);
    });
}

}  // namespace vrrp_xdp::elections

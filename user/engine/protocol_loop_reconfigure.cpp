// SPDX-License-Identifier: BSD-2-Clause
// The protocol thread's part of a reload.
#include <algorithm>

#include "engine/protocol_loop.hpp"
#include "engine/reconfiguration.hpp"
#include "net/boot_clock.hpp"

namespace vrrp_xdp::engine {
namespace {

using protocol::Cause;

/// The place of the same Virtual Router: that of the same VRID and family.
std::optional<std::uint32_t> find(const ManagedInterface& interface, const config::VirtualRouter& router) {
    const auto& all = interface.virtual_routers;
    const auto found = std::find_if(all.begin(), all.end(), [&](const elections::VirtualRouter& each) {
        return each.config.vrid == router.vrid && each.config.family() == router.family();
    });
    if (found == all.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - all.begin());
}

/// Whether the election, or what others hear of it, is another one now.
bool is_changed(const elections::VirtualRouter& before, const elections::VirtualRouter& now) {
    return now.parameters() != before.parameters() || now.advertisements != before.advertisements;
}

}  // namespace

void ProtocolLoop::reconfigure(const Reconfiguration& to) {
    send();  // what is due does not wait for the rest
    for (std::uint32_t i = 0; i < interfaces_.size(); ++i) {
        if (to.parts[i].leaves) release(i);
        if (to.parts[i].next != nullptr) leave_routers_missing_in(i, *to.parts[i].next);
    }
    send();

    fencing_plan_ = to.fencing_plan;
    fencing_plan_->beat(net::boot_now());
    const std::vector<ManagedInterface*> before = bring_in(to);
    for_each_interface([&](std::uint32_t i, ManagedInterface& interface) {
        interface.fencing_entries = to.parts[i].fencing_entries;
        for (std::uint32_t j = 0; j < interface.virtual_routers.size(); ++j)
            set_farewells(interface.fencing_entries[j], interface.virtual_routers[j].farewells);
    });
    form_groups();
    reconciled_ = false;
    pending_.emplace_back(Reconfigured{});
    for (std::uint32_t i = 0; i < to.parts.size(); ++i)
        if (to.parts[i].next != nullptr) go_on(i, before[i]);
    settle_groups();
    for (std::uint32_t i = 0; i < to.parts.size(); ++i)
        if (before[i] == nullptr && interfaces_[i] != nullptr) drop_leases(i);
}

std::vector<ManagedInterface*> ProtocolLoop::bring_in(const Reconfiguration& to) {
    std::vector<ManagedInterface*> before = interfaces_;
    before.resize(to.parts.size());
    interfaces_.resize(to.parts.size());
    suspended_.resize(to.parts.size());
    for (std::uint32_t i = 0; i < to.parts.size(); ++i) {
        ManagedInterface* const next = to.parts[i].next;
        if (next == nullptr) continue;
        if (before[i] != nullptr) carry_over(*before[i], *next);
        interfaces_[i] = next;
    }
    return before;
}

void ProtocolLoop::leave_routers_missing_in(std::uint32_t index, const ManagedInterface& next) {
    if (interfaces_[index] == nullptr) return;
    const auto& routers = interfaces_[index]->virtual_routers;
    for (std::uint32_t i = 0; i < routers.size(); ++i)
        if (!find(next, routers[i].config)) apply({index, i}, protocol::Shutdown{}, net::boot_now());
}

void ProtocolLoop::carry_over(const ManagedInterface& before, ManagedInterface& next) {
    next.sending_fails = before.sending_fails;
    for (std::uint32_t i = 0; i < next.virtual_routers.size(); ++i)
        if (const auto was = find(before, next.virtual_routers[i].config)) {
            next.virtual_routers[i].continue_from(before.virtual_routers[*was]);
            next.timers[i] = before.timers[*was];
        }
}

void ProtocolLoop::go_on(std::uint32_t index, const ManagedInterface* before) {
    if (before != nullptr) forget(index);
    if (!take_in(index)) {  // deaf, it must not run
        interfaces_[index] = nullptr;
        suspended_[index] = true;
        pending_.emplace_back(Suspended{index});
        return;
    }
    if (before == nullptr) return start(index, Cause::Startup);
    ManagedInterface& interface = *interfaces_[index];
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (const auto was = find(*before, interface.virtual_routers[i].config)) {
            change_parameters({index, i}, before->virtual_routers[*was]);
            if (interface.virtual_routers[i].config.sync_group.empty()) go_alone({index, i});
        } else {
            interface.expect_nothing(i);  // it may have been another's slot
        }
    follow_interface(index, Cause::Startup);
}

void ProtocolLoop::change_parameters(elections::RouterId id, const elections::VirtualRouter& before) {
    elections::VirtualRouter& vr = router(id);
    if (!vr.primary_address || !before.primary_address || !is_changed(before, vr)) return;
    ManagedInterface& interface = *interfaces_[id.interface];
    const protocol::TimePoint now = net::boot_now();
    apply(id, protocol::ActiveHeard{interface.last_heard(id.router)}, now);
    apply(id, protocol::ParametersChanged{before.parameters()}, now);
    if (vr.config.virtual_addresses != before.config.virtual_addresses || vr.mac != before.mac)
        interface.queue(id.router, {.advertise = false, .say_farewell = false, .announce_addresses = true});
}

void ProtocolLoop::forget(std::uint32_t index) {
    for (SharedPort& shared : ports_)
        for (std::optional<SlotOwner>& owner : shared.owners)
            if (owner && owner->router.interface == index) owner.reset();
}

}  // namespace vrrp_xdp::engine

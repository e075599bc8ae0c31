// SPDX-License-Identifier: BSD-2-Clause
#include "elections/reconfigurer.hpp"

#include <algorithm>
#include <optional>

#include "elections/interface_events.hpp"
#include "elections/receiver.hpp"
#include "elections/router_set.hpp"
#include "elections/sender.hpp"
#include "elections/sync_groups.hpp"

namespace vrrp_xdp::elections {
namespace {

using protocol::Cause;

/// The place of the same Virtual Router: that of the same VRID and family.
std::optional<std::uint32_t> find(const Interface& interface, const config::VirtualRouter& router) {
    const auto& all = interface.virtual_routers;
    const auto found = std::find_if(all.begin(), all.end(), [&](const VirtualRouter& each) {
        return each.config.vrid == router.vrid && each.config.family() == router.family();
    });
    if (found == all.end()) return std::nullopt;
    return static_cast<std::uint32_t>(found - all.begin());
}

/// Whether the election, or what others hear of it, is another one now.
bool is_changed(const VirtualRouter& before, const VirtualRouter& now) {
    return now.parameters() != before.parameters() || now.advertisements != before.advertisements;
}

}  // namespace

void Reconfigurer::reconfigure(const Reconfiguration& to) {
    parts_.sender.send();  // what is due does not wait for the rest
    for (std::uint32_t i = 0; i < parts_.routers.size(); ++i) {
        if (to.parts[i].leaves) executor_.release(i);
        if (to.parts[i].next != nullptr) leave_routers_missing_in(i, *to.parts[i].next);
    }
    parts_.sender.send();

    const std::vector<Interface*> before = bring_in(to);
    parts_.routers.host().reconfigured(to);
    parts_.groups.form();
    parts_.routers.tell(Reconfigured{});
    for (std::uint32_t i = 0; i < to.parts.size(); ++i)
        if (to.parts[i].next != nullptr) go_on(i, before[i]);
    parts_.groups.settle();
    for (std::uint32_t i = 0; i < to.parts.size(); ++i)
        if (before[i] == nullptr && parts_.routers.interface(i) != nullptr)
            parts_.interface_events.drop_leases(i);
}

std::vector<Interface*> Reconfigurer::bring_in(const Reconfiguration& to) {
    std::vector<Interface*> before = parts_.routers.interfaces();
    before.resize(to.parts.size());
    parts_.routers.resize(to.parts.size());
    for (std::uint32_t i = 0; i < to.parts.size(); ++i) {
        Interface* const next = to.parts[i].next;
        if (next == nullptr) continue;
        if (before[i] != nullptr) carry_over(*before[i], *next);
        parts_.routers.set_interface(i, next);
    }
    return before;
}

void Reconfigurer::leave_routers_missing_in(std::uint32_t index, const Interface& next) {
    if (parts_.routers.interface(index) == nullptr) return;
    const auto& routers = parts_.routers.interface(index)->virtual_routers;
    for (std::uint32_t i = 0; i < routers.size(); ++i)
        if (!find(next, routers[i].config))
            parts_.routers.apply({index, i}, protocol::Shutdown{}, parts_.routers.now());
}

void Reconfigurer::carry_over(const Interface& before, Interface& next) {
    next.sending_fails = before.sending_fails;
    for (std::uint32_t i = 0; i < next.virtual_routers.size(); ++i)
        if (const auto was = find(before, next.virtual_routers[i].config)) {
            next.virtual_routers[i].continue_from(before.virtual_routers[*was]);
            next.timers[i] = before.timers[*was];
        }
}

void Reconfigurer::go_on(std::uint32_t index, const Interface* before) {
    if (before != nullptr) parts_.receiver.forget(index);
    if (!executor_.take_in(index)) {  // deaf, it must not run
        parts_.routers.set_interface(index, nullptr);
        parts_.routers.set_suspended(index, true);
        parts_.routers.tell(Suspended{index});
        return;
    }
    if (before == nullptr) return parts_.interface_events.start(index, Cause::Startup);
    Interface& interface = *parts_.routers.interface(index);
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        if (const auto was = find(*before, interface.virtual_routers[i].config)) {
            change_parameters({index, i}, before->virtual_routers[*was]);
            if (interface.virtual_routers[i].config.sync_group.empty()) go_alone({index, i});
        } else {
            interface.expect_nothing(i);  // it may have been another's slot
        }
    parts_.interface_events.follow_interface(index, Cause::Startup);
}

void Reconfigurer::change_parameters(RouterId id, const VirtualRouter& before) {
    VirtualRouter& vr = parts_.routers.router(id);
    if (!vr.primary_address || !before.primary_address || !is_changed(before, vr)) return;
    Interface& interface = *parts_.routers.interface(id.interface);
    const protocol::TimePoint now = parts_.routers.now();
    parts_.routers.apply(id, protocol::ActiveHeard{interface.last_heard(id.router)}, now);
    parts_.routers.apply(id, protocol::ParametersChanged{before.parameters()}, now);
    if (vr.config.virtual_addresses != before.config.virtual_addresses || vr.mac != before.mac)
        interface.queue(id.router, {.advertise = false, .say_farewell = false, .announce_addresses = true});
}

void Reconfigurer::go_alone(RouterId id) {
    const VirtualRouter& vr = parts_.routers.router(id);
    parts_.routers.set_priority(id, vr.own_priority());
    if (vr.able && vr.election.state == protocol::State::Initialize) parts_.routers.begin(id);
}

}  // namespace vrrp_xdp::elections

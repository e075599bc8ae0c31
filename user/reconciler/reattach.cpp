// SPDX-License-Identifier: BSD-2-Clause
#include "reconciler/reattach.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace vrrp_xdp::reconciler {
namespace {

unsigned index_in(const net::InterfaceMonitor& kernel, const std::string& name) {
    const auto state = kernel.state_of(name);
    return state ? state->index : 0;
}

/// Whether the programs are on the interface that has the port's name now, and run there.
bool stands(const engine::ManagedInterface& interface, const net::InterfaceMonitor& kernel,
            const ProgramWatch& programs) {
    return interface.port->is_attached() && index_in(kernel, interface.port_name) == interface.port_index &&
           !programs.why_unfit(interface.port_name);
}

/// Whether the protocol thread has any interface there.
bool is_in_use(const engine::ManagedInterfaces& interfaces, const PhaseOf& phase_of,
               const dataplane::AttachedPort& port) {
    for (std::uint32_t i = 0; i < interfaces.size(); ++i)
        if (interfaces[i] && interfaces[i]->port.get() == &port && phase_of(i) != Phase::Suspended)
            return true;
    return false;
}

}  // namespace

std::vector<std::uint32_t> Reattacher::find_lost(const engine::ManagedInterfaces& interfaces,
                                                 const PhaseOf& phase_of, const Reconciler& reconciler) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (phase_of(i) != Phase::Running) continue;
        const auto reason = reconciler.reason_to_attach_again(i);
        if (!reason) continue;
        spdlog::warn("{}: {}; attaching again as soon as possible", interfaces[i]->name, *reason);
        found.push_back(i);
    }
    return found;
}

bool Reattacher::attach_again(const engine::ManagedInterfaces& interfaces, const PhaseOf& phase_of,
                              std::uint32_t index, const net::InterfaceMonitor& kernel,
                              ProgramWatch& programs) {
    const engine::ManagedInterface& interface = *interfaces[index];
    const bool is_shared = is_in_use(interfaces, phase_of, *interface.port);
    if (!is_shared) leave_gone_port(interfaces, interface, kernel);
    if (index_in(kernel, interface.name) == 0 || index_in(kernel, interface.port_name) == 0) return false;
    if (!stands(interface, kernel, programs) && is_shared) return false;
    const auto is_whole = make_whole(interfaces, index, kernel, programs);
    if (!is_whole) report(interface.name, is_whole.error());
    if (!is_whole || !*is_whole) return false;
    spdlog::info("{}: attached again in {} mode", interface.name, to_string(interface.port->mode()));
    told_.erase(interface.name);
    return true;
}

/// The card that we are attached to has another name now, or is in another network namespace: nobody there
/// asked for our programs. A link is taken off wherever it is; a clsact filter of another namespace cannot be
/// reached, and matches nothing once the maps are empty.
void Reattacher::leave_gone_port(const engine::ManagedInterfaces& interfaces,
                                 const engine::ManagedInterface& one, const net::InterfaceMonitor& kernel) {
    if (one.port_index == 0 || index_in(kernel, one.port_name) == one.port_index) return;
    const auto port = one.port;
    for (const auto& each : interfaces) {
        if (!each || each->port != port) continue;
        for (const std::uint32_t slot : each->slots) port->withdraw(slot);
        each->port_index = 0;
    }
    if (!port->is_attached()) return;
    port->take_away();
    spdlog::info("{}: removed everything from the interface that had this name", one.port_name);
}

/// Returns whether elections may begin: not while it has to be seen whether the driver runs the program now.
Result<bool> Reattacher::make_whole(const engine::ManagedInterfaces& interfaces, std::uint32_t index,
                                    const net::InterfaceMonitor& kernel, ProgramWatch& programs) {
    engine::ManagedInterface& interface = *interfaces[index];
    auto placement = place_anew(interface, kernel);
    if (!placement) return tl::unexpected(placement.error());
    if (!stands(interface, kernel, programs)) {
        const unsigned port_index = index_in(kernel, interface.port_name);
        if (auto attached = attach_lost_port(interfaces, interface, port_index, programs); !attached)
            return tl::unexpected(attached.error());
    } else if (*placement != interface.placement) {
        if (auto entered = enter_anew(interfaces, interface); !entered)
            return tl::unexpected(entered.error());
    }
    interface.placement = std::move(*placement);
    if (programs.is_on_trial(interface.port_name)) return false;
    if (auto opened = interface.open_again(index_in(kernel, interface.name)); !opened)
        return tl::unexpected(opened.error());
    return true;
}

/// Where its frames come in now, and what the kernel says of it.
Result<net::Placement> Reattacher::place_anew(const engine::ManagedInterface& interface,
                                              const net::InterfaceMonitor& kernel) {
    const auto found = interface.placement.tags.empty() ? net::Placement{.port = interface.port_name}
                                                        : kernel.placement_of(interface.name);
    if (found.port != interface.port_name)
        return failure(interface.name + " is on " + found.port + " now, not on " + interface.port_name,
                       "run 'vrrp-xdp detach " + interface.name + "' and attach again");
    for (engine::PlacedInterface& placed : plan_of(interface).interfaces)
        if (placed.config.name == interface.name) {
            placed.state = *kernel.state_of(interface.name);
            placed.placement = found;
        }
    return found;
}

/// Other tags at the same port: the others there notice nothing.
Result<void> Reattacher::enter_anew(const engine::ManagedInterfaces& interfaces,
                                    engine::ManagedInterface& interface) {
    const auto slots = engine::admit(*interface.port, placed_at(interfaces, plan_of(interface)));
    if (!slots) return tl::unexpected(slots.error());
    interface.slots = slots->at(interface.name);
    return interface.port->settle();
}

engine::PortPlan& Reattacher::plan_of(const engine::ManagedInterface& interface) {
    return *std::find_if(plans_.begin(), plans_.end(),
                         [&](const engine::PortPlan& each) { return each.name == interface.port_name; });
}

/// In the order of the plan, those that are there at the time.
std::vector<engine::PlacedInterface> Reattacher::placed_at(const engine::ManagedInterfaces& interfaces,
                                                           const engine::PortPlan& plan) {
    std::vector<engine::PlacedInterface> placed;
    for (const auto& interface : interfaces)
        for (const engine::PlacedInterface& each : plan.interfaces)
            if (interface && interface->name == each.config.name) placed.push_back(each);
    return placed;
}

/// For all interfaces that come in there, also those that are not back yet.
Result<void> Reattacher::attach_lost_port(const engine::ManagedInterfaces& interfaces,
                                          const engine::ManagedInterface& one, unsigned port_index,
                                          ProgramWatch& programs) {
    const auto old = one.port;
    const engine::PortPlan& plan = plan_of(one);
    old->take_away();
    const auto attached =
        engine::attach_port({plan.name, port_index, plan.state.kind}, placed_at(interfaces, plan),
                            programs.mode_for(plan.name, plan.mode), dataplane::Predecessor::Gone);
    if (!attached) return tl::unexpected(attached.error());
    if (auto taken = attached->port->claim(); !taken) return taken;
    programs.note_attached(plan.name, *attached->port);
    for (const auto& interface : interfaces)
        if (interface && interface->port == old) {
            interface->use_port(attached->port);
            interface->port_index = port_index;
            interface->slots = attached->slots.at(interface->name);
        }
    return {};
}

void Reattacher::report(const std::string& interface, const Error& error) {
    if (std::exchange(told_[interface], error.what) != error.what)
        spdlog::warn("{}: not attached again: {}{}{}; retrying", interface, error.what,
                     error.hint.empty() ? "" : "; ", error.hint);
}

}  // namespace vrrp_xdp::reconciler

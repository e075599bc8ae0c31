// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/reload.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace vrrp_xdp::daemon {
namespace {

const config::Interface* find(const config::Config& config, const std::string& name) {
    const auto& all = config.interfaces;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const config::Interface& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

const std::unique_ptr<engine::ManagedInterface>* find(const engine::ManagedInterfaces& interfaces,
                                                      const std::string& name) {
    const auto found = std::find_if(interfaces.begin(), interfaces.end(),
                                    [&](const auto& each) { return each && each->name == name; });
    return found == interfaces.end() ? nullptr : &*found;
}

const engine::ManagedInterface* any_at(const std::string& port, const engine::ManagedInterfaces& interfaces) {
    for (const auto& each : interfaces)
        if (each && each->port_name == port) return each.get();
    return nullptr;
}

/// The frames that its Virtual Routers may have to send, as far as can be told by now.
void make_frames(engine::ManagedInterface& interface, const net::InterfaceState& state) {
    for (elections::VirtualRouter& router : interface.virtual_routers)
        if (const auto address = router.source_on(state, interface.passed_over))
            router.set_source(*address, router.mac);
}

}  // namespace

Differences compare(const config::Config& present, const config::Config& wanted,
                    const engine::ManagedInterfaces& running) {
    Differences differences;
    for (const config::Interface& interface : wanted.interfaces) {
        const config::Interface* before = find(present, interface.name);
        if (find(running, interface.name) == nullptr)
            differences.added.insert(interface.name);
        else if (before == nullptr || *before != interface)
            differences.changed.insert(interface.name);
    }
    for (const auto& each : running)
        if (each && find(wanted, each->name) == nullptr) differences.removed.insert(each->name);
    return differences;
}

Result<std::unique_ptr<Reload>> Reload::prepare(Differences differences, config::Config wanted,
                                                dataplane::Mode mode, engine::OnMissing on_missing,
                                                const ServedInterfaces& served) {
    const engine::ManagedInterfaces& running = served.all();
    std::unique_ptr<Reload> reload(new Reload(std::move(differences), std::move(wanted)));
    const auto monitor = net::InterfaceMonitor::open();
    if (!monitor) return tl::unexpected(monitor.error());
    auto found = engine::plan_ports(reload->wanted_, *monitor, mode, on_missing);
    if (!found) return tl::unexpected(found.error());
    reload->plans_ = std::move(found->ports);
    reload->missing_ = std::move(found->missing);
    reload->leave_out_missing(running);
    if (auto checked = reload->check(served); !checked) return tl::unexpected(checked.error());
    for (const engine::PortPlan& plan : reload->plans_)
        if (auto prepared = reload->prepare_port(plan, running); !prepared)
            return tl::unexpected(prepared.error());
    for (PortHandover& handover : reload->handovers_) {
        auto opened = handover.complete();
        if (!opened) return tl::unexpected(opened.error());
        std::move(opened->begin(), opened->end(), std::back_inserter(reload->additions_));
    }
    reload->handovers_.clear();
    if (auto written = reload->make_fencing_plan(running); !written) return tl::unexpected(written.error());
    return reload;
}

/// What waits for its interface has nothing that could go on when that comes: it is another one.
void Reload::leave_out_missing(const engine::ManagedInterfaces& running) {
    for (const config::Interface& interface : missing_) {
        differences_.added.erase(interface.name);
        differences_.changed.erase(interface.name);
        if (find(running, interface.name) != nullptr) differences_.removed.insert(interface.name);
        differences_.missing.insert(interface.name);
    }
}

Result<void> Reload::check(const ServedInterfaces& served) const {
    for (std::uint32_t i = 0; i < served.size(); ++i)
        if (served.is_lost(i) && differences_.changed.contains(served.at(i).name))
            return failure(
                served.at(i).name + " has lost its data plane and is currently being attached again",
                "try again when 'vrrp-xdp status' shows it, or do not change it");
    return {};
}

Result<void> Reload::prepare_port(const engine::PortPlan& plan, const engine::ManagedInterfaces& running) {
    for (const engine::PlacedInterface& placed : plan.interfaces)
        if (const auto* each = find(running, placed.config.name);
            each != nullptr && (*each)->port_name != plan.name)
            return failure(placed.config.name + " was moved from " + (*each)->port_name + " to " + plan.name,
                           "run 'vrrp-xdp detach " + placed.config.name + "' first");
    const engine::ManagedInterface* neighbour = any_at(plan.name, running);
    if (neighbour != nullptr)
        return concerns(plan, running) ? prepare_interfaces(plan, *neighbour) : Result<void>{};
    for (const auto& each : running)
        if (each && each->index == plan.state.index)
            return failure(plan.name + " already runs here as " + each->name + ": it was renamed meanwhile",
                           "run 'vrrp-xdp detach " + each->name + "' and then reload, or attach again");
    auto handover = PortHandover::prepare(plan);
    if (!handover) return tl::unexpected(handover.error());
    handovers_.push_back(std::move(*handover));
    return {};
}

bool Reload::concerns(const engine::PortPlan& plan, const engine::ManagedInterfaces& running) const {
    return std::any_of(plan.interfaces.begin(), plan.interfaces.end(),
                       [&](const engine::PlacedInterface& placed) {
                           return differences_.added.contains(placed.config.name) ||
                                  differences_.changed.contains(placed.config.name);
                       }) ||
           std::any_of(running.begin(), running.end(), [&](const auto& each) {
               return each && each->port_name == plan.name && differences_.removed.contains(each->name);
           });
}

Result<void> Reload::prepare_interfaces(const engine::PortPlan& plan,
                                        const engine::ManagedInterface& neighbour) {
    auto slots = engine::admit(*neighbour.port, plan.interfaces);
    if (!slots) return tl::unexpected(slots.error());
    admitted_.push_back(neighbour.port);
    for (const engine::PlacedInterface& placed : plan.interfaces) {
        const std::string& name = placed.config.name;
        const bool is_new = differences_.added.contains(name);
        if (!is_new && !differences_.changed.contains(name)) continue;
        auto interface = engine::open_interface(placed, *neighbour.port);
        if (!interface) return tl::unexpected(interface.error());
        (*interface)->port_name = plan.name;
        (*interface)->port_lock = neighbour.port_lock;
        (*interface)->use_port(neighbour.port);
        (*interface)->port_index = neighbour.port_index;
        (*interface)->slots = slots->at(name);
        if (!is_new) make_frames(**interface, placed.state);
        (is_new ? additions_ : replacements_).push_back(std::move(*interface));
    }
    return {};
}

Result<void> Reload::make_fencing_plan(const engine::ManagedInterfaces& running) {
    auto& parts = reconfiguration_.parts;
    parts.resize(running.size() + additions_.size());
    reconfiguration_.fencing_entries.resize(parts.size());
    std::vector<const engine::ManagedInterface*> staying;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        engine::ManagedInterface* goes_on = i < running.size() ? running[i].get() : nullptr;
        if (i >= running.size()) {
            parts[i].next = goes_on = additions_[i - running.size()].get();
        } else if (running[i]) {
            parts[i].leaves = differences_.removed.contains(running[i]->name);
            const auto* replacement = find(replacements_, running[i]->name);
            if (replacement != nullptr) parts[i].next = goes_on = replacement->get();
        }
        if (parts[i].leaves || goes_on == nullptr) continue;
        staying.push_back(goes_on);
        places.push_back(i);
    }
    auto fencing_plan = engine::FencingPlan::make(staying);
    if (!fencing_plan) return tl::unexpected(fencing_plan.error());
    fencing_plan_ = std::make_unique<engine::FencingPlan>(std::move(*fencing_plan));
    for (std::size_t i = 0; i < places.size(); ++i)
        reconfiguration_.fencing_entries[places[i]] = fencing_plan_->entries_of(i);
    reconfiguration_.fencing_plan = fencing_plan_.get();
    return {};
}

Reload::~Reload() {
    for (const auto& port : admitted_) port->abandon();
}

std::vector<std::string> Reload::beginning() const {
    std::vector<std::string> names;
    for (const auto& each : additions_) names.push_back(each->name);
    return names;
}

std::vector<engine::ManagedInterface*> Reload::prepared() const {
    std::vector<engine::ManagedInterface*> all;
    for (const auto* list : {&replacements_, &additions_})
        for (const auto& each : *list) all.push_back(each.get());
    return all;
}

std::unique_ptr<engine::FencingPlan> Reload::finish(ServedInterfaces& served,
                                                    reconciler::Reattacher& reattacher) {
    for (std::uint32_t i = 0; i < served.size(); ++i) {
        if (!served.is_served(i)) continue;
        const auto found = std::find_if(replacements_.begin(), replacements_.end(),
                                        [&](const auto& other) { return other->name == served.at(i).name; });
        if (found != replacements_.end()) *found = served.replace(i, std::move(*found));
    }
    for (const std::uint32_t i : served.in(Phase::Suspended))
        served.at(i).fencing_entries = reconfiguration_.fencing_entries[i];
    for (const auto& port : std::exchange(admitted_, {}))
        if (auto settled = port->settle(); !settled) spdlog::warn("{}", settled.error().what);
    reattacher.set_plans(std::move(plans_));
    return std::move(fencing_plan_);
}

}  // namespace vrrp_xdp::daemon

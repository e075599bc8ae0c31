// SPDX-License-Identifier: BSD-2-Clause
#include "controller/caretaker.hpp"

#include <net/if.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace vrrp_xdp::controller {
namespace {

unsigned index_of(const std::string& name) { return if_nametoindex(name.c_str()); }

/// Whether there is an interface of this name that is not the one that we know.
bool is_another(const ManagedInterface& interface) {
    const unsigned index = index_of(interface.name);
    return index != 0 && index != interface.index;
}

}  // namespace

std::vector<std::uint32_t> Caretaker::find_lost(const ManagedInterfaces& interfaces) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (!interfaces[i] || lost_.contains(i)) continue;
        const ManagedInterface& interface = *interfaces[i];
        const bool attached = interface.port->is_attached();
        if (attached && !is_another(interface)) continue;
        spdlog::warn("{}: {}; attaching again as soon as that can be", interface.name,
                     attached                             ? "was deleted and made again"
                     : index_of(interface.port_name) == 0 ? interface.port_name + " is gone"
                                                          : "its program or its pins were taken away");
        lost_.insert(i);
        found.push_back(i);
    }
    return found;
}

void Caretaker::keep_tags(const ManagedInterfaces& interfaces) {
    std::set<dataplane::Port*> seen;
    for (std::uint32_t i = 0; i < interfaces.size(); ++i) {
        if (!interfaces[i] || lost_.contains(i) || !seen.insert(interfaces[i]->port.get()).second) continue;
        const std::string& name = interfaces[i]->port_name;
        const auto kept = interfaces[i]->port->keep_tags();
        if (!kept) {
            report(name, Error{kept.error()}.within("frames of other VLANs may be taken for its own"));
            continue;
        }
        for (const std::string& feature : *kept)
            spdlog::warn("{}: {} was turned on, which hides VLAN tags from XDP; turned it off again", name,
                         feature);
    }
}

std::vector<std::uint32_t> Caretaker::attach_again(const ManagedInterfaces& interfaces) {
    std::vector<std::uint32_t> whole;
    for (const std::uint32_t i : std::set(suspended_)) {
        if (!interfaces[i]) {
            suspended_.erase(i);
            continue;
        }
        const std::string& name = interfaces[i]->name;
        if (index_of(name) == 0 || index_of(interfaces[i]->port_name) == 0) continue;
        if (!interfaces[i]->port->is_attached() && is_in_use(interfaces, *interfaces[i]->port)) continue;
        if (const auto attached = attach_again(interfaces, i); !attached) {
            report(name, attached.error());
            continue;
        }
        spdlog::info("{}: attached again in {} mode", name, to_string(interfaces[i]->port->mode()));
        told_.erase(name);
        suspended_.erase(i);
        lost_.erase(i);
        whole.push_back(i);
    }
    return whole;
}

Result<void> Caretaker::attach_again(const ManagedInterfaces& interfaces, std::uint32_t index) {
    ManagedInterface& interface = *interfaces[index];
    if (!interface.port->is_attached())
        if (auto attached = attach_lost_port(interfaces, interface); !attached) return attached;
    return interface.open_again(index_of(interface.name));
}

bool Caretaker::is_in_use(const ManagedInterfaces& interfaces, const dataplane::Port& port) const {
    for (std::uint32_t i = 0; i < interfaces.size(); ++i)
        if (interfaces[i] && interfaces[i]->port.get() == &port && !is_suspended(i)) return true;
    return false;
}

/// For all interfaces that come in there, also those that are not back yet.
Result<void> Caretaker::attach_lost_port(const ManagedInterfaces& interfaces, const ManagedInterface& one) {
    const auto old = one.port;
    const auto plan = std::find_if(plans_.begin(), plans_.end(),
                                   [&](const PortPlan& each) { return each.name == one.port_name; });
    std::vector<PlacedInterface> placed;
    for (const auto& interface : interfaces)
        for (const PlacedInterface& each : plan->interfaces)
            if (interface && interface->name == each.config.name) placed.push_back(each);

    old->take_away();
    const auto attached = attach_port({plan->name, index_of(plan->name), plan->state.kind}, placed,
                                      plan->mode, dataplane::Predecessor::Gone);
    if (!attached) return tl::unexpected(attached.error());
    if (auto taken = attached->port->take_over(); !taken) return taken;
    for (const auto& interface : interfaces)
        if (interface && interface->port == old) {
            interface->port = attached->port;
            interface->slots = attached->slots.at(interface->name);
        }
    return {};
}

void Caretaker::report(const std::string& interface, const Error& error) {
    if (std::exchange(told_[interface], error.what) != error.what)
        spdlog::warn("{}: not attached again: {}{}{}; trying on", interface, error.what,
                     error.hint.empty() ? "" : "; ", error.hint);
}

}  // namespace vrrp_xdp::controller

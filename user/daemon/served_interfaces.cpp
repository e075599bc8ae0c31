// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/served_interfaces.hpp"

#include <algorithm>
#include <utility>

namespace vrrp_xdp::daemon {

bool may_follow(Phase before, Phase next) {
    switch (before) {
        case Phase::Running:  // suspended without being lost: the protocol thread could not listen there
            return next == Phase::Lost || next == Phase::Suspended || next == Phase::Released;
        case Phase::Lost:
            return next == Phase::Suspended || next == Phase::Released;
        case Phase::Suspended:
            return next == Phase::Running || next == Phase::Released;
        case Phase::Released:
            return false;
    }
    return false;
}

void ServedInterfaces::add(std::unique_ptr<engine::ManagedInterface> interface,
                           std::unique_ptr<control::ControlSocket> socket) {
    interfaces_.push_back(std::move(interface));
    served_.push_back({.socket = std::move(socket)});
}

std::unique_ptr<engine::ManagedInterface> ServedInterfaces::replace(
    std::uint32_t place, std::unique_ptr<engine::ManagedInterface> next) {
    return std::exchange(interfaces_[place], std::move(next));
}

Phase ServedInterfaces::phase(std::uint32_t place) const {
    return place < served_.size() ? served_[place].phase : Phase::Released;
}

reconciler::PhaseOf ServedInterfaces::phases() const {
    return [this](std::uint32_t place) { return phase(place); };
}

bool ServedInterfaces::enter(std::uint32_t place, Phase next) {
    if (next == Phase::Released || !may_follow(phase(place), next)) return false;
    served_[place].phase = next;
    return true;
}

bool ServedInterfaces::is_lost(std::uint32_t place) const {
    return phase(place) == Phase::Lost || phase(place) == Phase::Suspended;
}

std::vector<std::uint32_t> ServedInterfaces::in(Phase phase) const {
    std::vector<std::uint32_t> places;
    for (std::uint32_t i = 0; i < size(); ++i)
        if (served_[i].phase == phase) places.push_back(i);
    return places;
}

std::vector<std::uint32_t> ServedInterfaces::at_port_of(std::uint32_t place) const {
    std::vector<std::uint32_t> places;
    for (std::uint32_t i = 0; i < size(); ++i)
        if (is_served(i) && interfaces_[i]->port_name == interfaces_[place]->port_name) places.push_back(i);
    return places;
}

bool ServedInterfaces::all_released() const {
    return std::all_of(served_.begin(), served_.end(),
                       [](const Served& each) { return each.phase == Phase::Released; });
}

bool ServedInterfaces::is_any_leaving() const {
    return std::any_of(served_.begin(), served_.end(), [](const Served& each) { return each.is_leaving(); });
}

void ServedInterfaces::answer_when_released(std::uint32_t place, Respond respond) {
    served_[place].detachers.push_back(std::move(respond));
}

void ServedInterfaces::answer_when_handed_over(std::uint32_t place, Respond respond) {
    served_[place].successor = std::move(respond);
}

ServedInterfaces::Left ServedInterfaces::release(std::uint32_t place) {
    Served& served = served_[place];
    served.phase = Phase::Released;
    served.socket.reset();
    return {std::move(interfaces_[place]), std::exchange(served.detachers, {}),
            std::exchange(served.successor, {})};
}

}  // namespace vrrp_xdp::daemon

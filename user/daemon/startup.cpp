// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/startup.hpp"

#include <spdlog/spdlog.h>

#include <string>

#include "daemon/port_handover.hpp"
#include "engine/advertisement_mtu.hpp"
#include "net/boot_clock.hpp"
#include "net/device.hpp"
#include "protocol/text.hpp"

namespace vrrp_xdp::daemon {
namespace {

/// Some drivers reset their card for a native program, and it negotiates with its switch again.
void tell_of_lost_carrier(const engine::ManagedInterface& interface) {
    const auto device = net::device_of(interface.port_index);
    if (!device || device->carrier) return;
    const bool native = interface.port->mode() == dataplane::Mode::Native;
    spdlog::info("{}: has no carrier{}; elections begin when the carrier is back", interface.port_name,
                 native ? " (some drivers reset the card for native XDP)" : "");
}

void tell_of_port(const engine::ManagedInterface& interface) {
    const std::string& reason = interface.port->mode_reason();
    spdlog::info("{}: attached in {} mode{}{}", interface.port_name, to_string(interface.port->mode()),
                 reason.empty() ? "" : ": ", reason);
    if (const std::string& warning = interface.port->mode_warning(); !warning.empty())
        spdlog::warn("{}: {}", interface.port_name, warning);
    tell_of_lost_carrier(interface);
}

/// The switch, its neighbours and routing may need a while to be ready for this router.
void delay(const engine::ManagedInterfaces& opened, protocol::Duration startup_delay) {
    for (const auto& interface : opened) interface->starts_at = net::boot_now() + startup_delay;
    spdlog::info("{}: elections begin after startup-delay, {}", opened.front()->port_name,
                 protocol::to_string(startup_delay));
}

Result<void> open(PortHandover& handover, protocol::Duration startup_delay, const AddInterface& add) {
    const bool goes_on = handover.has_predecessor();
    auto opened = handover.complete();
    if (!opened) return tl::unexpected(opened.error());
    if (!goes_on && startup_delay != protocol::Duration{}) delay(*opened, startup_delay);
    const engine::ManagedInterface& last = *opened->back();
    for (auto& interface : *opened)
        if (auto added = add(std::move(interface)); !added) return added;
    tell_of_port(last);
    return {};
}

}  // namespace

void warn_of_large_advertisements(const std::vector<engine::PortPlan>& plans) {
    for (const engine::PortPlan& plan : plans)
        for (const engine::PlacedInterface& placed : plan.interfaces)
            for (const config::VirtualRouter& router : placed.config.virtual_routers)
                if (const auto wrong = engine::too_large_for(router, placed.state.mtu))
                    spdlog::warn("{}: {}", placed.config.name, *wrong);
}

Result<void> open_ports(const std::vector<engine::PortPlan>& plans, protocol::Duration startup_delay,
                        const AddInterface& add) {
    std::vector<PortHandover> handovers;
    for (const engine::PortPlan& plan : plans) {
        auto handover = PortHandover::prepare(plan);
        if (!handover) return tl::unexpected(handover.error());
        handovers.push_back(std::move(*handover));
    }
    for (PortHandover& handover : handovers)
        if (auto opened = open(handover, startup_delay, add); !opened) return opened;
    return {};
}

}  // namespace vrrp_xdp::daemon

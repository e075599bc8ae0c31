// SPDX-License-Identifier: BSD-2-Clause
#include "reconciler/program_watch.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <set>

#include "net/boot_clock.hpp"
#include "net/device.hpp"
#include "net/nic_features.hpp"

namespace vrrp_xdp::reconciler {
namespace {

/// Attached again, and then in the other mode.
constexpr unsigned kTimesBeforeFallback = 2;
constexpr std::chrono::seconds kTrial(5);
/// With --mode native there is no other mode to go to.
constexpr std::chrono::seconds kLaterTrial(30);

}  // namespace

void ProgramWatch::look(const engine::ManagedInterfaces& interfaces, const net::InterfaceMonitor& kernel) {
    std::set<const dataplane::AttachedPort*> seen;
    for (const auto& interface : interfaces) {
        if (!interface || !seen.insert(interface->port.get()).second) continue;
        const auto state = kernel.state_of(interface->port_name);
        if (state && state->index == interface->port_index && interface->port->is_attached())
            look(*interface, *state);
    }
}

void ProgramWatch::look(const engine::ManagedInterface& interface, const net::InterfaceState& port_state) {
    dataplane::AttachedPort& port = *interface.port;
    if (port.mode() != dataplane::Mode::Native) return;
    Watched& watched = by_name_[interface.port_name];
    if (watched.port.lock() != interface.port) {
        watched.port = interface.port;
        watched.judge = {};
        watched.mtu = port_state.mtu;
    }
    if (!watched.unfit.empty()) return;
    if (port_state.mtu != watched.mtu) {
        watched.unfit =
            fmt::format("its MTU was changed from {} to {}, with which the driver may not run the program",
                        watched.mtu, port_state.mtu);
    } else if (port.has_run()) {
        note_run(interface.port_name, watched);
    } else if (const auto device = net::device_of(port_state.index)) {
        judge(interface.port_name, watched, device->received_frames);
    }
}

void ProgramWatch::note_run(const std::string& name, Watched& watched) {
    watched.judge.note_run();
    if (watched.idle != 0) spdlog::info("{}: the driver runs the program now", name);
    watched.idle = 0;
    watched.trial_ends = {};
}

void ProgramWatch::judge(const std::string& name, Watched& watched, std::uint64_t device_frames) {
    const protocol::TimePoint now = net::boot_now();
    if (!watched.judge.look(now, device_frames)) return;
    if (watched.idle >= kTimesBeforeFallback && now < watched.trial_ends) return;
    ++watched.idle;
    watched.unfit =
        fmt::format("driver {} receives frames and does not run the XDP program that is attached to it",
                    net::driver_of(name));
}

std::optional<std::string> ProgramWatch::why_unfit(const std::string& port_name) const {
    const auto found = by_name_.find(port_name);
    if (found == by_name_.end() || found->second.unfit.empty()) return std::nullopt;
    return found->second.unfit;
}

bool ProgramWatch::is_on_trial(const std::string& port_name) const {
    const auto found = by_name_.find(port_name);
    return found != by_name_.end() && net::boot_now() < found->second.trial_ends;
}

dataplane::Mode ProgramWatch::mode_for(const std::string& port_name, dataplane::Mode planned) const {
    const auto found = by_name_.find(port_name);
    const bool has_failed = found != by_name_.end() && found->second.idle >= kTimesBeforeFallback;
    return has_failed && planned == dataplane::Mode::Auto ? dataplane::Mode::Clsact : planned;
}

void ProgramWatch::note_attached(const std::string& port_name, dataplane::AttachedPort& port) {
    const auto found = by_name_.find(port_name);
    if (found == by_name_.end()) return;
    Watched& watched = found->second;
    const std::string reason = std::exchange(watched.unfit, "");
    if (watched.idle == 0) return;
    if (port.mode() == dataplane::Mode::Native)
        watched.trial_ends = net::boot_now() + (watched.idle < kTimesBeforeFallback ? kTrial : kLaterTrial);
    else if (!reason.empty())
        port.explain_mode(reason);
}

}  // namespace vrrp_xdp::reconciler

// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/reconcile_loop.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "engine/fencing_plan.hpp"
#include "net/boot_clock.hpp"

namespace vrrp_xdp::daemon {
namespace {

/// So long may something differ from what must be true before it is noticed, if the kernel does not tell.
constexpr std::chrono::milliseconds kInterval(250);

/// From one look that the kernel asks for to the next: changes come in bursts.
constexpr std::chrono::milliseconds kPause(20);

}  // namespace

ReconcileLoop::ReconcileLoop(const Parts& parts, net::InterfaceMonitor kernel)
    : parts_(parts),
      reconciler_(std::move(kernel), [&commands = parts.commands] { commands.send(engine::LookAgain{}); }),
      timer_(parts.io),
      pause_(parts.io),
      kernel_ready_(parts.io, reconciler_.event_fd()) {}

void ReconcileLoop::begin() {
    wait_for_time();
    wait_for_kernel();
}

void ReconcileLoop::stop() {
    timer_.cancel();
    pause_.cancel();
    kernel_ready_.cancel();
}

void ReconcileLoop::wait_for_time() {
    timer_.expires_after(kInterval);
    timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        look();
        for (const auto& interface : parts_.served.all())
            if (interface) interface->port->follow_leases(net::boot_now());
        wait_for_time();
    });
}

void ReconcileLoop::wait_for_kernel() {
    kernel_ready_.async_wait(asio::posix::stream_descriptor::wait_read,
                             [this](const asio::error_code& failed) {
                                 if (failed) return;
                                 look();
                                 pause_.expires_after(kPause);
                                 pause_.async_wait([this](const asio::error_code& error) {
                                     if (!error) wait_for_kernel();
                                 });
                             });
}

void ReconcileLoop::look() {
    reconciler_.look(parts_.served.all(), parts_.served.phases());
    for (const auto& change : interface_changes_.look(parts_.served.all(), reconciler_.kernel()))
        parts_.events.tell(change);
    suspend_lost();
    if (!parts_.reloader.is_under_way()) resume_whole();
    if (!parts_.reloader.is_under_way()) parts_.reloader.attach_to_arrived();
    for (const elections::RouterId id : unknown_peers_.look(parts_.served.all()))
        parts_.events.tell(elections::UnknownPeer{id});
    for (const auto& near : near_failovers_.look(parts_.served.all())) parts_.events.tell(near);
    for (const auto& refused : refused_.look(parts_.served.all())) parts_.events.tell(refused);
}

void ReconcileLoop::suspend_lost() {
    for (const std::uint32_t lost :
         reconciler::Reattacher::find_lost(parts_.served.all(), parts_.served.phases(), reconciler_)) {
        parts_.served.enter(lost, Phase::Lost);
        parts_.commands.send(engine::Suspend{lost});
    }
}

void ReconcileLoop::resume_whole() {
    std::vector<std::uint32_t> whole;
    for (const std::uint32_t i : parts_.served.in(Phase::Suspended)) {
        if (!parts_.reattacher.attach_again(parts_.served.all(), parts_.served.phases(), i,
                                            reconciler_.kernel(), reconciler_.programs()))
            continue;
        parts_.served.enter(i, Phase::Running);
        whole.push_back(i);
    }
    if (whole.empty()) return;
    parts_.guardian.stop();  // it knows neither the new maps nor the new sockets
    for (const std::uint32_t i : whole)
        engine::write_entries(parts_.served.at(i), parts_.served.at(i).fencing_entries);
    parts_.guardian.start_or_retry();
    for (const std::uint32_t i : whole) {
        parts_.commands.send(engine::Resume{i, &parts_.served.at(i)});
        parts_.trackers.tell(i);
    }
}

void ReconcileLoop::note_suspended(std::uint32_t place) {
    if (parts_.served.enter(place, Phase::Suspended)) parts_.served.at(place).take_snapshots();
}

void ReconcileLoop::note_transition(std::uint32_t place) {
    const engine::ManagedInterface& interface = parts_.served.at(place);
    reconciler_.follow_addresses(interface);
    interface.port->follow_leases(net::boot_now());
}

}  // namespace vrrp_xdp::daemon

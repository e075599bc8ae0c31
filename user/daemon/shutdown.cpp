// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/shutdown.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

namespace vrrp_xdp::daemon {
namespace {

/// So long may the hooks of the last transitions take before the program ends without them.
constexpr std::chrono::seconds kLastHooks(8);

/// What else has to be done for a stop takes much less.
constexpr std::chrono::seconds kLastSteps(2);

/// To who wants to go on where nothing is left to go on with.
const nlohmann::json kJustDetached{{"error", "it was detached meanwhile"}};

}  // namespace

Shutdown::Shutdown(const Parts& parts, std::function<void()> stop_work)
    : io_(parts.io),
      commands_(parts.commands),
      served_(parts.served),
      missing_(parts.missing),
      events_(parts.events),
      hooks_(parts.hooks),
      manager_(parts.manager),
      sessions_(parts.sessions),
      stop_work_(std::move(stop_work)),
      signals_(io_, SIGTERM, SIGINT, SIGUSR1),
      timer_(io_) {}

/// The first one asks for a stop, the second one is in a hurry.
void Shutdown::wait_for_signal() {
    signals_.async_wait([this](const asio::error_code& error, int signal) {
        if (error) return;
        if (std::exchange(is_stopping_, true))
            release_all();
        else
            stop(signal);
        wait_for_signal();
    });
}

void Shutdown::stop(int signal) {
    manager_.is_stopping(longest_stop());
    missing_.clear();
    if (is_all_released()) return end();
    if (signal == SIGUSR1)
        leave_in_place();
    else
        commands_.send(engine::Leave{});
}

/// An Active Router that nobody takes the place of waits for one interval.
std::chrono::microseconds Shutdown::longest_stop() const {
    protocol::Duration longest{};
    for (const auto& interface : served_.all())
        if (interface)
            for (const elections::VirtualRouter& router : interface->virtual_routers)
                longest = std::max(longest, router.config.advertise_interval);
    return std::chrono::ceil<std::chrono::microseconds>(longest + kLastHooks + kLastSteps);
}

void Shutdown::release_all() {
    for (std::uint32_t i = 0; i < served_.size(); ++i)
        if (served_.is_served(i)) commands_.send(engine::Release{i});
}

/// For the next instance to go on where this one was, should it come before the leases run out. Nobody can be
/// given what is currently attached again.
void Shutdown::leave_in_place() {
    for (std::uint32_t i = 0; i < served_.size(); ++i)
        if (served_.is_lost(i)) commands_.send(engine::Release{i});
    for (const std::uint32_t i : served_.in(Phase::Running))
        commands_.send(engine::HandOver{i});  // of one port, the first is for all
}

void Shutdown::detach(std::uint32_t place, Respond respond) {
    served_.answer_when_released(place, std::move(respond));
    commands_.send(engine::Leave{place});
}

void Shutdown::hand_over(std::uint32_t place, Respond respond) {
    if (served_.is_lost(place)) return respond({{"error", "it is currently being attached again"}});
    served_.answer_when_handed_over(place, std::move(respond));
    // A successor that has it in its configuration attaches to it itself.
    for (const std::uint32_t each : served_.at_port_of(place))
        if (served_.is_lost(each)) commands_.send(engine::Release{each});
    commands_.send(engine::HandOver{place});
}

void Shutdown::note_released(std::uint32_t place) {
    if (!served_.is_served(place)) return;  // it went with its port
    const engine::ManagedInterface& interface = served_.at(place);
    const std::string name = interface.name;
    // What else comes in at the port goes on; without these keys it passes this interface's frames
    // untouched.
    for (std::uint32_t i = 0; i < interface.virtual_routers.size(); ++i)
        interface.port->withdraw(interface.slots[i]);
    has_left_elections_ = true;
    auto left = served_.release(place);
    events_.end(place);
    left.interface.reset();
    spdlog::info("{}: detached", name);
    for (const Respond& respond : left.detachers) respond({{"detached", name}});
    if (left.successor) left.successor(kJustDetached);
}

/// Everything at the port stays as it is but for us.
void Shutdown::note_handed_over(std::uint32_t asked) {
    has_left_elections_ = false;
    served_.at(asked).port->leave_in_place();
    std::vector<ServedInterfaces::Left> all;
    Respond successor;
    for (const std::uint32_t place : served_.at_port_of(asked)) {
        all.push_back(served_.release(place));
        if (place == asked) successor = std::exchange(all.back().successor, {});
        events_.end(place);
    }
    for (const ServedInterfaces::Left& left : all) {
        const std::string& name = left.interface->name;
        spdlog::info("{}: {}", name,
                     successor ? "handed over to another instance" : "left as it is for the next instance");
        for (const Respond& respond : left.detachers) respond({{"detached", name}});
        if (left.successor) left.successor(kJustDetached);
        left.interface->port_lock.reset();
    }
    // Before our sockets close, which takes milliseconds: the leases run. It is on its way at once.
    if (successor) successor({{"handed-over", true}});
}

void Shutdown::end_if_all_released() {
    if (is_all_released()) end();
}

void Shutdown::end() {
    if (std::exchange(is_ended_, true)) return;
    commands_.send(engine::End{});
    signals_.cancel();
    stop_work_();
    if (has_left_elections_) return end_after_hooks();
    // The leases run, and whoever is to go on with them may wait for our end.
    hooks_.leave_to_successor();
    end_after_answers();
}

void Shutdown::end_after_hooks() {
    timer_.expires_after(kLastHooks);
    timer_.async_wait([this](const asio::error_code& error) {
        if (!error) end_after_answers();
    });
    hooks_.when_idle([this] { end_after_answers(); });
}

/// Who asked for the end, or was asking meanwhile, still hears of it.
void Shutdown::end_after_answers() {
    timer_.expires_after(kLastSteps);
    timer_.async_wait([this](const asio::error_code& error) {
        if (!error) io_.stop();
    });
    sessions_.when_flushed([this] { io_.stop(); });
}

}  // namespace vrrp_xdp::daemon

// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/port_handover.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>

#include "control/control_socket.hpp"
#include "dataplane/pins.hpp"

namespace vrrp_xdp::daemon {
namespace {

using nlohmann::json;

std::string detach_hint(const std::string& interface) {
    return "end it first with 'vrrp-xdp detach " + interface + "'";
}

bool is_planned(const engine::PortPlan& plan, const std::string& interface) {
    return std::any_of(
        plan.interfaces.begin(), plan.interfaces.end(),
        [&](const engine::PlacedInterface& placed) { return placed.config.name == interface; });
}

/// What an instance left that was attached before the interface was renamed is gone on with like any other's.
Result<void> follow_rename(const std::string& port) {
    const auto before = dataplane::pinned_under_another_name(port);
    if (!before) return {};
    const auto lock = dataplane::PortLock::try_to_take(*before, dataplane::PortLock::Purpose::Serve);
    if (!lock) return tl::unexpected(lock.error());
    if (!*lock)
        return failure(
            "an instance is running on " + port + ", which was named " + *before + " when it started",
            detach_hint(port));
    if (auto renamed = dataplane::rename_pins(*before, port); !renamed) return renamed;
    if (auto removed = control::remove_stale_socket(*before); !removed)
        return tl::unexpected(removed.error());
    return {};
}

}  // namespace

Result<PortHandover> PortHandover::prepare(const engine::PortPlan& plan) {
    auto attaching = dataplane::PortLock::try_to_take(plan.name, dataplane::PortLock::Purpose::Attach);
    if (!attaching) return tl::unexpected(attaching.error());
    if (!*attaching)
        return failure("another 'vrrp-xdp attach' is currently attaching to " + plan.name,
                       "wait for it to finish");
    if (auto followed = follow_rename(plan.name); !followed) return tl::unexpected(followed.error());
    auto lock = dataplane::PortLock::try_to_take(plan.name, dataplane::PortLock::Purpose::Serve);
    if (!lock) return tl::unexpected(lock.error());

    PortHandover takeover(plan.name, std::move(**attaching), std::move(*lock));
    auto before = dataplane::Predecessor::Gone;
    if (!takeover.lock_) {
        auto predecessor = find_predecessor(plan);
        if (!predecessor) return tl::unexpected(predecessor.error());
        takeover.predecessor_ = std::move(*predecessor);
        before = dataplane::Predecessor::Alive;
    }
    auto opened = engine::open_port(plan.state, plan.interfaces, plan.mode, before);
    if (!opened) return tl::unexpected(opened.error());
    takeover.interfaces_ = std::move(*opened);
    return takeover;
}

Result<PortHandover::Predecessor> PortHandover::find_predecessor(const engine::PortPlan& plan) {
    for (const engine::PlacedInterface& placed : plan.interfaces) {
        const std::string& name = placed.config.name;
        const auto answer = control::ask(name, "serving");
        if (!answer) return tl::unexpected(answer.error());
        if (!*answer) continue;
        const json& said = **answer;
        if (said.contains("error"))
            return failure("the instance on " + name + " cannot hand over: " + said["error"].dump(),
                           detach_hint(name));
        if (said.value("port", "") != plan.name) continue;
        for (const json& served : said["interfaces"])
            if (!is_planned(plan, served))
                return failure("the instance on " + name + " runs " + served.get<std::string>() +
                                   " too, which is not selected here",
                               "add it to the configuration, or " + detach_hint(served));
        return Predecessor{name, said["pid"]};
    }
    // It runs at this port, but nothing that is planned, or cannot be asked.
    auto lock = dataplane::PortLock::take(plan.name);
    return tl::unexpected(lock ? Error{"the instance on " + plan.name + " has just ended", "try again"}
                               : lock.error());
}

Result<engine::ManagedInterfaces> PortHandover::complete() {
    dataplane::AttachedPort& port = *interfaces_.front()->port;
    if (predecessor_) {
        const auto answer = control::ask(predecessor_->interface, "hand-over");
        if (!answer) return tl::unexpected(answer.error());
        if (*answer && (*answer)->contains("error"))
            return failure(
                "the instance on " + port_name_ + " refuses to hand over: " + (**answer)["error"].dump(),
                "try again, or " + detach_hint(port_name_));
        if (auto taken = take_lock(); !taken) return tl::unexpected(taken.error());
        spdlog::info("{}: taken over from pid {}", port_name_, predecessor_->pid);
    }
    if (!port.is_attached())
        return failure("the programs on " + port_name_ + " were removed meanwhile", "try again");
    if (auto taken = port.claim(); !taken)
        return tl::unexpected(std::move(taken.error()).within("taking over " + port_name_));
    const auto held = std::make_shared<dataplane::PortLock>(std::move(*lock_));
    for (const auto& interface : interfaces_) interface->port_lock = held;
    return std::move(interfaces_);
}

Result<void> PortHandover::take_lock() {
    auto lock = dataplane::PortLock::try_to_take(port_name_, dataplane::PortLock::Purpose::Serve);
    if (!lock) return tl::unexpected(lock.error());
    if (!*lock)
        return failure("the instance on " + port_name_ + " does not release it", detach_hint(port_name_));
    lock_.emplace(std::move(**lock));
    return {};
}

json serving(const engine::ManagedInterfaces& interfaces, const engine::ManagedInterface& asked) {
    json served{{"port", asked.port_name}, {"pid", getpid()}, {"interfaces", json::array()}};
    for (const auto& each : interfaces)
        if (each && each->port == asked.port) served["interfaces"].push_back(each->name);
    return served;
}

}  // namespace vrrp_xdp::daemon

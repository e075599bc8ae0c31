// SPDX-License-Identifier: BSD-2-Clause
#include "cli/instances.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "control/control_socket.hpp"
#include "dataplane/pins.hpp"
#include "inspection/pinned_status.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;

json dead(const std::string& interface) {
    return {{"interface", interface},
            {"controller", "dead"},
            {"pins", dataplane::pin_directory(interface).string()},
            {"virtual-routers", json::array()}};
}

/// What every instance says of its interfaces, and what dead ones left: sockets that nobody answers, and pins
/// of ports that nobody serves. A VLAN's pins are those of its port.
Result<json> look() {
    std::map<std::string, json> by_name;
    std::set<std::string> served_ports;
    for (const std::string& name : control::interfaces_with_socket()) {
        const auto answer = control::ask(name, "status");
        if (!answer) return tl::unexpected(answer.error());
        const bool runs = *answer && (*answer)->value("controller", "") == "running";
        by_name[name] = runs ? **answer : dead(name);
        served_ports.insert(by_name[name].value("port", ""));
    }
    for (const std::string& port : dataplane::pinned_interfaces())
        if (!served_ports.contains(port)) by_name[port] = inspection::status_of_pinned_state(port);

    json list = json::array();
    for (const auto& [name, interface] : by_name) list.push_back(interface);
    return list;
}

/// From one instance to its successor, nobody answers for a few milliseconds.
constexpr std::chrono::milliseconds kHandOver(200);

}  // namespace

Result<json> look_at_interfaces() {
    auto found = look();
    const auto is_dead = [](const json& interface) { return interface["controller"] == "dead"; };
    if (!found || std::none_of(found->begin(), found->end(), is_dead)) return found;
    std::this_thread::sleep_for(kHandOver);
    return look();
}

std::string shown_state(const json& router) {
    return router.value("leaving", false) ? "leaving" : router["state"].get<std::string>();
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include "cli/instances.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "dataplane/pins.hpp"
#include "inspection/pinned_status.hpp"
#include "status/json.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;
using status::Interface;

using Answers = std::map<std::string, Answer>;

/// An instance from before there was "status-all" reports the interface alone that it is asked at.
Result<std::optional<json>> ask_for_all(const std::string& name, std::chrono::seconds patience) {
    auto said = control::ask(name, "status-all", patience);
    if (!said || !*said || (**said).contains("interfaces")) return said;
    return control::ask(name, "status", patience);
}

Result<std::vector<Interface>> alone(const json& said) {
    return status::from_json(said).map(
        [](Interface interface) { return std::vector<Interface>{std::move(interface)}; });
}

/// Nothing where no instance answers, or it answers that it has just left.
Result<std::vector<Interface>> told_at(const std::string& name, std::chrono::seconds patience) {
    const auto said = ask_for_all(name, patience);
    if (!said) return tl::unexpected(said.error());
    if (!*said || (**said).contains("error")) return std::vector<Interface>{};
    auto told = (**said).contains("interfaces") ? status::list_from_json(**said) : alone(**said);
    if (!told) return tl::unexpected(std::move(told.error()).within("the instance on " + name));
    return told;
}

Interface dead(const std::string& name) {
    return {.name = name, .pins = dataplane::pin_directory(name).string()};
}

/// What every instance says of its interfaces, and what dead ones left. A VLAN's pins are those of its port.
Result<std::vector<Interface>> look() {
    std::map<std::string, Interface> by_name;
    std::set<std::string> served_ports;
    for (auto& [name, answer] : ask_instances()) {
        if (!answer) return tl::unexpected(answer.error());
        const Interface& interface = by_name[name] = *answer ? std::move(**answer) : dead(name);
        served_ports.insert(interface.port);
    }
    for (const std::string& port : dataplane::pinned_interfaces())
        if (!served_ports.contains(port)) by_name[port] = inspection::status_of_pinned_state(port);

    std::vector<Interface> list;
    for (auto& [name, interface] : by_name) list.push_back(std::move(interface));
    return list;
}

/// From one instance to its successor, nobody answers for a few milliseconds.
constexpr std::chrono::milliseconds kHandOver(200);

}  // namespace

Answers ask_instances(std::chrono::seconds patience) {
    Answers answers;
    for (const std::string& name : control::interfaces_with_socket()) {
        if (answers.contains(name)) continue;  // its instance reported it at another socket
        auto told = told_at(name, patience);
        if (!told) {
            answers.insert_or_assign(name, tl::unexpected(std::move(told.error())));
            continue;
        }
        for (Interface& interface : *told) {
            const std::string its_name = interface.name;
            answers.insert_or_assign(its_name, std::optional(std::move(interface)));
        }
        answers.try_emplace(name, std::nullopt);
    }
    return answers;
}

Result<std::vector<Interface>> look_at_interfaces() {
    auto found = look();
    const auto is_dead = [](const Interface& interface) { return !interface.running; };
    if (!found || std::none_of(found->begin(), found->end(), is_dead)) return found;
    std::this_thread::sleep_for(kHandOver);
    return look();
}

std::string printed(const json& json) {
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace vrrp_xdp::cli

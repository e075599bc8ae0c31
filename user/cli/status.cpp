// SPDX-License-Identifier: BSD-2-Clause
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "controller/control_socket.hpp"
#include "dataplane/pins.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;

json dead(const std::string& interface) {
    return {{"interface", interface},
            {"controller", "dead"},
            {"pins", dataplane::pin_directory(interface).string()},
            {"virtual-routers", json::array()}};
}

std::string heard(const json& router) {
    if (!router.contains("last-adv-source")) return "nobody yet";
    return fmt::format("{} priority {}, {:.0f} ms ago", router["last-adv-source"].get<std::string>(),
                       router["last-adv-priority"].get<int>(), router["last-adv-ms-ago"].get<double>());
}

std::string addresses(const json& router) {
    std::string text;
    for (const auto& address : router["virtual-addresses"])
        text += (text.empty() ? "" : " ") + address.get<std::string>();
    return text;
}

void print(const json& interface) {
    const auto name = interface["interface"].get<std::string>();
    if (interface["controller"] == "dead") {
        std::cout << fmt::format(
            "{}: no instance runs, but one left its pins in {}\n"
            "  clear them with 'vrrp-xdp detach {}', or attach again\n",
            name, interface["pins"].get<std::string>(), name);
        return;
    }
    std::cout << fmt::format("{}: {} mode, pid {}, pins in {}\n", name, interface["mode"].get<std::string>(),
                             interface["pid"].get<int>(), interface["pins"].get<std::string>());
    static constexpr auto row = "  {:>4}  {:<10}  {:>8}  {:<20}  {:<17}  {:<31}  {}\n";
    std::cout << fmt::format(row, "VRID", "STATE", "PRIORITY", "SINCE", "VIRTUAL MAC", "LAST HEARD",
                             "ADDRESSES");
    for (const auto& router : interface["virtual-routers"])
        std::cout << fmt::format(row, router["vrid"].get<int>(), router["state"].get<std::string>(),
                                 router["priority"].get<int>(), router.value("up-datetime", "-"),
                                 router["virtual-mac"].get<std::string>(), heard(router), addresses(router));
}

/// What every instance says of its interfaces, and what dead ones left: sockets that nobody answers, and pins
/// of ports that nobody serves. A VLAN's pins are those of its port.
Result<json> look() {
    std::map<std::string, json> by_name;
    std::set<std::string> served_ports;
    for (const std::string& name : controller::interfaces_with_socket()) {
        const auto answer = controller::ask(name, "status");
        if (!answer) return tl::unexpected(answer.error());
        const bool runs = *answer && (*answer)->value("controller", "") == "running";
        by_name[name] = runs ? **answer : dead(name);
        served_ports.insert(by_name[name].value("port", ""));
    }
    for (const std::string& port : dataplane::pinned_interfaces())
        if (!served_ports.contains(port)) by_name.try_emplace(port, dead(port));

    json list = json::array();
    for (const auto& [name, interface] : by_name) list.push_back(interface);
    return list;
}

/// From one instance to its successor, nobody answers for a few milliseconds.
constexpr std::chrono::milliseconds kHandOver(200);

Result<json> interfaces() {
    auto found = look();
    const auto is_dead = [](const json& interface) { return interface["controller"] == "dead"; };
    if (!found || std::none_of(found->begin(), found->end(), is_dead)) return found;
    std::this_thread::sleep_for(kHandOver);
    return look();
}

ExitCode status(bool as_json) {
    const auto found = interfaces();
    if (!found) {
        report(found.error());
        return ExitCode::Failed;
    }
    if (as_json)
        std::cout << json{{"interfaces", *found}}.dump(2) << '\n';
    else
        for (const auto& interface : *found) print(interface);
    if (!found->empty()) return ExitCode::Done;
    std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
    return ExitCode::NotRunning;
}

}  // namespace

Command add_status(CLI::App& program) {
    CLI::App* const usage =
        program.add_subcommand("status", "Show the Virtual Routers that run in this network namespace");
    const auto as_json = std::make_shared<bool>(false);
    usage->add_flag("--json", *as_json,
                    "Everything, for a program: durations in milliseconds, counters by their names");
    usage->footer(help_footer(
        "  vrrp-xdp status\n  vrrp-xdp status --json | jq '.interfaces[].\"virtual-routers\"[].state'\n"));
    return {usage, [as_json] { return status(*as_json); }};
}

}  // namespace vrrp_xdp::cli

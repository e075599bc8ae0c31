// SPDX-License-Identifier: BSD-2-Clause
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "status/counters.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;
using status::Counter;

struct Options {
    bool as_json = false;
    bool with_zeros = false;
};

/// Nobody counts what a dead controller alone knew.
void print(const std::string& title, const json& values, const std::vector<Counter>& counters,
           bool with_zeros) {
    std::cout << title << '\n';
    bool any = false;
    for (const auto& [name, help] : counters) {
        const auto value = values.value(name, std::uint64_t{0});
        if (!values.contains(name) || (value == 0 && !with_zeros)) continue;
        std::cout << fmt::format("  {:>12}  {:<24}  {}\n", value, name, help);
        any = true;
    }
    if (!any) std::cout << "             -  nothing counted\n";
}

std::string title_of(const json& interface, const json& router) {
    const std::string vlan = router.contains("vlan") ? " vlan " + router["vlan"].get<std::string>() : "";
    return fmt::format("{}{} vrid {} {}", interface["interface"].get<std::string>(), vlan,
                       router["vrid"].get<int>(), router["address-family"].get<std::string>());
}

void print(const json& interfaces, bool with_zeros) {
    std::set<std::string> ports;
    for (const json& interface : interfaces) {
        const std::string remark = interface["controller"] == "dead" ? ", left by a dead instance" : "";
        if (interface.contains("error"))
            std::cout << fmt::format("{}: {}\n", interface["interface"].get<std::string>(),
                                     interface["error"].get<std::string>());
        const std::string port = interface.value("port", "");
        if (interface.contains("statistics") && ports.insert(port).second)
            print(fmt::format("port {}, what belongs to none of its Virtual Routers{}", port, remark),
                  interface["statistics"], status::port_counters(), with_zeros);
        for (const json& router : interface["virtual-routers"])
            print(title_of(interface, router) + remark, router["statistics"],
                  status::virtual_router_counters(), with_zeros);
    }
}

/// The counters, and what says whose they are.
json picked(const json& interfaces) {
    json list = json::array();
    const auto pick = [](const json& from, std::initializer_list<const char*> names) {
        json to;
        for (const char* name : names)
            if (from.contains(name)) to[name] = from[name];
        return to;
    };
    for (const json& interface : interfaces) {
        json entry = pick(interface, {"interface", "controller", "port", "statistics", "error", "hint"});
        entry["virtual-routers"] = json::array();
        for (const json& router : interface["virtual-routers"])
            entry["virtual-routers"].push_back(
                pick(router, {"vrid", "address-family", "vlan", "statistics"}));
        list.push_back(entry);
    }
    return {{"interfaces", list}};
}

ExitCode stats(const Options& options) {
    const auto found = look_at_interfaces();
    if (!found) {
        report(found.error());
        return ExitCode::Failed;
    }
    if (options.as_json)
        std::cout << picked(*found).dump(2) << '\n';
    else
        print(*found, options.with_zeros);
    if (!found->empty()) return ExitCode::Done;
    std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
    return ExitCode::NotRunning;
}

}  // namespace

Command add_stats(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "stats",
        "Show what was counted, with RFC 8347's names where it has one: advertisements, answers, and "
        "everything "
        "that was dropped by its reason. The data plane's counters are there after a crash as well");
    const auto options = std::make_shared<Options>();
    usage->add_flag("--all", options->with_zeros, "Also what is 0");
    usage->add_flag("--json", options->as_json, "All of them, for a program");
    usage->footer(
        help_footer("  vrrp-xdp stats\n  watch -d vrrp-xdp stats --all\n"
                    "  vrrp-xdp stats --json | jq '.interfaces[].\"virtual-routers\"[].statistics'\n"));
    return {usage, [options] { return stats(*options); }};
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include <spdlog/fmt/fmt.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "status/yang.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;

std::string last_heard(const json& router) {
    const double ms = router["last-adv-ms-ago"];
    return ms < 1000 ? fmt::format("{:.0f} ms ago", ms) : fmt::format("{:.1f} s ago", ms / 1000);
}

std::string heard(const json& router) {
    if (!router.contains("last-adv-source")) return "nobody yet";
    return fmt::format("{} priority {}, {}", router["last-adv-source"].get<std::string>(),
                       router["last-adv-priority"].get<int>(), last_heard(router));
}

std::string addresses(const json& router) {
    std::string text;
    for (const auto& address : router["virtual-addresses"])
        text += (text.empty() ? "" : " ") + address.get<std::string>();
    return text;
}

/// Of the data plane alone: "valid for 132 ms more", "ended 2026-11-23T17:13:20Z".
std::string lease(const json& router) {
    if (const double left = router["lease-remaining-ms"]; left > 0)
        return fmt::format("for {:.0f} ms more", left);
    return router.contains("lease-end") ? "ended " + router["lease-end"].get<std::string>() : "none";
}

void print_remains(const json& interface) {
    const auto name = interface["interface"].get<std::string>();
    std::cout << fmt::format(
        "{}: no instance runs, but one left its pins in {}\n"
        "  clear them with 'vrrp-xdp detach {}', or attach again\n",
        name, interface["pins"].get<std::string>(), name);
    if (interface.contains("error"))
        std::cout << fmt::format("  {}\n", interface["error"].get<std::string>());
    std::string let_in;
    for (const auto& address : interface.value("filter-entries", json::array()))
        let_in += " " + address.get<std::string>();
    if (!let_in.empty()) std::cout << "  the device lets in:" << let_in << '\n';
    if (interface["virtual-routers"].empty()) return;
    static constexpr auto row = "  {:>4}  {:<6}  {:<9}  {:<26}  {:<17}  {:<14}  {}\n";
    std::cout << fmt::format(row, "VRID", "FAMILY", "VLAN", "LEASE", "VIRTUAL MAC", "LAST HEARD",
                             "ADDRESSES");
    for (const auto& router : interface["virtual-routers"])
        std::cout << fmt::format(
            row, router["vrid"].get<int>(), router["address-family"].get<std::string>(),
            router.value("vlan", "-"), lease(router), router["virtual-mac"].get<std::string>(),
            router.contains("last-adv-ms-ago") ? last_heard(router) : "-", addresses(router));
}

/// "150", or "100 (150)" while trackers have it lower or higher than it is configured.
std::string priority(const json& router) {
    const int configured = router["priority"];
    const int effective = router["effective-priority"];
    return effective == configured ? fmt::format("{}", configured)
                                   : fmt::format("{} ({})", effective, configured);
}

void print(const json& interface) {
    const auto name = interface["interface"].get<std::string>();
    if (interface["controller"] == "dead") return print_remains(interface);
    if (interface.contains("waiting"))
        std::cout << fmt::format("{}: waiting, pid {}: {}\n", name, interface["pid"].get<int>(),
                                 interface["waiting"].get<std::string>());
    else
        std::cout << fmt::format("{}: {} mode, pid {}, pins in {}\n", name,
                                 interface["mode"].get<std::string>(), interface["pid"].get<int>(),
                                 interface["pins"].get<std::string>());
    for (const auto& item : interface.value("reconciler", json::array()))
        if (item.contains("differs"))
            std::cout << fmt::format("  {} {}\n", name, item["differs"].get<std::string>());
    static constexpr auto row = "  {:>4}  {:<10}  {:>8}  {:<20}  {:<17}  {:<33}  {}\n";
    std::cout << fmt::format(row, "VRID", "STATE", "PRIORITY", "SINCE", "VIRTUAL MAC", "LAST HEARD",
                             "ADDRESSES");
    for (const auto& router : interface["virtual-routers"])
        std::cout << fmt::format(row, router["vrid"].get<int>(), shown_state(router), priority(router),
                                 router.value("up-datetime", "-"), router["virtual-mac"].get<std::string>(),
                                 heard(router), addresses(router));
}

struct Options {
    bool as_json = false;
    bool as_yang = false;
};

ExitCode status(const Options& options) {
    const auto found = look_at_interfaces();
    if (!found) {
        report(found.error());
        return ExitCode::Failed;
    }
    if (options.as_yang)
        std::cout << status::yang_document(*found).dump(2) << '\n';
    else if (options.as_json)
        std::cout << json{{"interfaces", *found}}.dump(2) << '\n';
    else
        for (const auto& interface : *found) print(interface);
    if (!found->empty()) return ExitCode::Done;
    std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
    return ExitCode::NotRunning;
}

}  // namespace

Command add_status(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "status",
        "Show the Virtual Routers that run in this network namespace, and what dead instances left");
    const auto options = std::make_shared<Options>();
    CLI::Option* const json_flag =
        usage->add_flag("--json", options->as_json,
                        "Everything, for a program: durations in milliseconds, counters by their names");
    usage
        ->add_flag("--yang", options->as_yang,
                   "With --json: as RFC 8347 models it, an instance document of the YANG module ietf-vrrp")
        ->needs(json_flag);
    usage->footer(help_footer(
        "  vrrp-xdp status\n  vrrp-xdp status --json | jq '.interfaces[].\"virtual-routers\"[].state'\n"));
    return {usage, [options] { return status(*options); }};
}

}  // namespace vrrp_xdp::cli

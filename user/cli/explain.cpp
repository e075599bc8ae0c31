// SPDX-License-Identifier: BSD-2-Clause
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "status/explanation.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;
using status::Explanation;

struct Options {
    int vrid = 0;
    std::string interface;
    bool as_json = false;
};

json to_json(const json& interface, const json& router, const Explanation& explanation) {
    json object{{"interface", interface["interface"]},
                {"vrid", router["vrid"]},
                {"address-family", router["address-family"]},
                {"why", explanation.state},
                {"facts", explanation.facts},
                {"next", explanation.next},
                {"warnings", explanation.warnings}};
    object["reconciler"] = interface.value("reconciler", json::array());
    for (const char* same : {"vlan", "state", "since", "last-event"})
        if (router.contains(same)) object[same] = router[same];
    return object;
}

void print(const Explanation& explanation) {
    std::cout << explanation.state << ".\n";
    for (const auto* sentences : {&explanation.facts, &explanation.next})
        for (const std::string& sentence : *sentences) std::cout << "  " << sentence << '\n';
    for (const std::string& warning : explanation.warnings) std::cout << "  WARNING: " << warning << '\n';
}

/// Says which there are instead.
void report_missing(const json& interfaces, const Options& options) {
    std::string there;
    for (const json& interface : interfaces)
        for (const json& router : interface["virtual-routers"])
            there += (there.empty() ? "" : ", ") + router["vrid"].dump() + " on " +
                     interface["interface"].get<std::string>();
    report({"there is no Virtual Router " + std::to_string(options.vrid) +
                (options.interface.empty() ? "" : " on " + options.interface),
            there.empty() ? "" : "there are: " + there});
}

ExitCode explain(const Options& options) {
    const auto interfaces = look_at_interfaces();
    if (!interfaces) {
        report(interfaces.error());
        return ExitCode::Failed;
    }
    if (interfaces->empty()) {
        std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
        return ExitCode::NotRunning;
    }
    json list = json::array();
    std::vector<Explanation> explanations;
    for (const json& interface : *interfaces) {
        if (!options.interface.empty() && interface["interface"] != options.interface) continue;
        for (const json& router : interface["virtual-routers"]) {
            if (router["vrid"] != options.vrid) continue;
            explanations.push_back(status::explain(interface, router));
            list.push_back(to_json(interface, router, explanations.back()));
        }
    }
    if (explanations.empty()) {
        report_missing(*interfaces, options);
        return ExitCode::Failed;
    }
    if (options.as_json) std::cout << json{{"virtual-routers", list}}.dump(2) << '\n';
    if (!options.as_json)
        for (const Explanation& explanation : explanations) print(explanation);
    return ExitCode::Done;
}

}  // namespace

Command add_explain(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand("explain",
                                                   "Say why a Virtual Router is in its state, who is heard, "
                                                   "what would have to happen for it to change, and "
                                                   "what is not as it should be");
    const auto options = std::make_shared<Options>();
    usage->add_option("VRID", options->vrid, "Which one, of both address families")
        ->required()
        ->check(CLI::Range(1, 255));
    usage->add_option("IFACE", options->interface, "On this interface; by default on any");
    usage->add_flag("--json", options->as_json, "For a program");
    usage->footer(help_footer("  vrrp-xdp explain 10\n  vrrp-xdp explain 10 eth0 --json\n"));
    return {usage, [options] { return explain(*options); }};
}

}  // namespace vrrp_xdp::cli

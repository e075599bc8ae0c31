// SPDX-License-Identifier: BSD-2-Clause
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "cli/state_directory.hpp"
#include "history/moment.hpp"
#include "history/query.hpp"
#include "history/retrospect.hpp"
#include "status/explanation.hpp"
#include "status/json.hpp"
#include "status/text.hpp"

namespace vrrp_xdp::cli {
namespace {

using status::Interface;
using status::VirtualRouter;

struct Options {
    int vrid = 0;
    std::string interface;
    std::string at;
    std::string state_directory;
    bool as_json = false;
};

/// Says which there are instead.
void report_missing(const std::vector<Interface>& interfaces, const Options& options) {
    std::string there;
    for (const Interface& interface : interfaces)
        for (const VirtualRouter& router : interface.virtual_routers)
            there += (there.empty() ? "" : ", ") + std::to_string(router.vrid) + " on " + interface.name;
    report({"there is no Virtual Router " + std::to_string(options.vrid) +
                (options.interface.empty() ? "" : " on " + options.interface),
            there.empty() ? "" : "there are: " + there});
}

/// Why it was what it was then, from the history.
ExitCode look_back(const Options& options) {
    const auto at = history::parse_moment(options.at, history::calendar_now());
    if (!at) {
        report(Error(at.error()).within("--at"));
        return ExitCode::WrongUsage;
    }
    const auto story = history::read_story(options.state_directory);
    if (!story) {
        report(story.error());
        return ExitCode::Failed;
    }
    const auto found = history::look_back(*story, options.vrid, options.interface, *at);
    if (found.empty()) {
        report({"the history contains no Virtual Router " + std::to_string(options.vrid) +
                (options.interface.empty() ? "" : " on " + options.interface)});
        return ExitCode::Failed;
    }
    auto list = nlohmann::json::array();
    std::string text;
    for (const history::Retrospect& retrospect : found) {
        list.push_back(history::to_json(retrospect));
        text += history::retrospect_text(retrospect);
    }
    if (options.as_json)
        std::cout << printed({{"at", history::calendar_time(*at)}, {"virtual-routers", list}});
    else
        std::cout << "At " << history::calendar_time(*at) << ":\n" << text;
    return ExitCode::Done;
}

ExitCode explain(const Options& options) {
    if (!options.at.empty()) return look_back(options);
    const auto interfaces = look_at_interfaces();
    if (!interfaces) {
        report(interfaces.error());
        return ExitCode::Failed;
    }
    if (interfaces->empty()) {
        std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
        return ExitCode::NotRunning;
    }
    auto list = nlohmann::json::array();
    std::string text;
    for (const Interface& interface : *interfaces) {
        if (!options.interface.empty() && interface.name != options.interface) continue;
        for (const VirtualRouter& router : interface.virtual_routers) {
            if (router.vrid != options.vrid) continue;
            const status::Explanation explanation = status::explain(interface, router);
            list.push_back(status::to_json(interface, router, explanation));
            text += status::explanation_text(explanation);
        }
    }
    if (list.empty()) {
        report_missing(*interfaces, options);
        return ExitCode::Failed;
    }
    std::cout << (options.as_json ? printed({{"virtual-routers", list}}) : text);
    return ExitCode::Done;
}

}  // namespace

Command add_explain(CLI::App& program) {
    CLI::App* const usage =
        program.add_subcommand("explain",
                               "Explain why a Virtual Router is in its state, which router it hears, what "
                               "would change its state, and what is wrong");
    const auto options = std::make_shared<Options>();
    usage->add_option("VRID", options->vrid, "The VRID; of both address families")
        ->required()
        ->check(CLI::Range(1, 255));
    usage->add_option("IFACE", options->interface, "Only on this interface (default: any)");
    usage
        ->add_option(
            "--at", options->at,
            "Why it was what it was then, from the history: 15m, 3h or 9d ago, or a time in UTC, such as "
            "'2026-11-28 19:30' or 19:30; needs no running instance")
        ->type_name("TIME");
    add_state_directory(*usage, options->state_directory);
    usage->add_flag("--json", options->as_json, "Print JSON");
    usage->footer(
        help_footer("  vrrp-xdp explain 10\n"
                    "  vrrp-xdp explain 10 eth0 --json\n"
                    "  vrrp-xdp explain 10 --at 04:12\n"));
    return {usage, [options] { return explain(*options); }};
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "protocol/text.hpp"
#include "status/advice.hpp"
#include "status/json.hpp"

namespace vrrp_xdp::cli {
namespace {

struct Options {
    int vrid = 0;  ///< 0: all
    bool as_json = false;
};

ExitCode advise(const Options& options) {
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
    for (const status::Interface& interface : *interfaces)
        for (const status::VirtualRouter& router : interface.virtual_routers) {
            if (options.vrid != 0 && router.vrid != options.vrid) continue;
            const status::Advice advice = status::advise(router);
            list.push_back(status::to_json(interface, router, advice));
            text += status::advice_text(
                interface.name + " vrid " + std::to_string(router.vrid) + " " + to_string(router.family),
                advice);
        }
    if (list.empty()) {
        report({"there is no Virtual Router " + std::to_string(options.vrid),
                "'vrrp-xdp status' shows which there are"});
        return ExitCode::Failed;
    }
    std::cout << (options.as_json ? printed({{"virtual-routers", list}}) : text);
    return ExitCode::Done;
}

}  // namespace

Command add_advise(CLI::App& program) {
    CLI::App* const usage =
        program.add_subcommand("advise",
                               "Say which advertise-interval the gaps that a Backup Router has seen would "
                               "have borne, and what it would save. "
                               "Of less than a day it says that this is too little evidence");
    const auto options = std::make_shared<Options>();
    usage->add_option("VRID", options->vrid, "Which one, of both address families; by default all")
        ->check(CLI::Range(1, 255));
    usage->add_flag("--json", options->as_json, "For a program");
    usage->footer(help_footer("  vrrp-xdp advise\n  vrrp-xdp advise 10 --json\n"));
    return {usage, [options] { return advise(*options); }};
}

}  // namespace vrrp_xdp::cli

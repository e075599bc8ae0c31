// SPDX-License-Identifier: BSD-2-Clause
#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "status/json.hpp"
#include "status/text.hpp"
#include "status/yang.hpp"

namespace vrrp_xdp::cli {
namespace {

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
        std::cout << printed(status::yang_document(*found));
    else if (options.as_json)
        std::cout << printed(status::to_json(*found));
    else
        for (const status::Interface& interface : *found) std::cout << status::status_text(interface);
    if (!found->empty()) return ExitCode::Done;
    std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
    return ExitCode::NotRunning;
}

}  // namespace

Command add_status(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "status", "Show the Virtual Routers in this network namespace, and what dead instances left");
    const auto options = std::make_shared<Options>();
    CLI::Option* const json_flag = usage->add_flag(
        "--json", options->as_json, "Print everything as JSON, with durations in milliseconds");
    usage
        ->add_flag("--yang", options->as_yang,
                   "With --json: print an instance document of RFC 8347's YANG module ietf-vrrp")
        ->needs(json_flag);
    usage->footer(help_footer(
        "  vrrp-xdp status\n  vrrp-xdp status --json | jq '.interfaces[].\"virtual-routers\"[].state'\n"));
    return {usage, [options] { return status(*options); }};
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include <iostream>
#include <memory>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "status/json.hpp"
#include "status/text.hpp"

namespace vrrp_xdp::cli {
namespace {

struct Options {
    bool as_json = false;
    bool with_zeros = false;
};

ExitCode stats(const Options& options) {
    const auto found = look_at_interfaces();
    if (!found) {
        report(found.error());
        return ExitCode::Failed;
    }
    if (options.as_json)
        std::cout << printed(status::counters_to_json(*found));
    else
        std::cout << status::counters_text(
            *found, options.with_zeros ? status::Zeros::Show : status::Zeros::LeaveOut);
    if (!found->empty()) return ExitCode::Done;
    std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
    return ExitCode::NotRunning;
}

}  // namespace

Command add_stats(CLI::App& program) {
    CLI::App* const usage =
        program.add_subcommand("stats",
                               "Show the counters, by RFC 8347's names where it has one: advertisements, "
                               "answers, and drops by reason. The data plane's counters survive a crash");
    const auto options = std::make_shared<Options>();
    usage->add_flag("--all", options->with_zeros, "Include counters that are 0");
    usage->add_flag("--json", options->as_json, "Print all of them as JSON");
    usage->footer(
        help_footer("  vrrp-xdp stats\n  watch -d vrrp-xdp stats --all\n"
                    "  vrrp-xdp stats --json | jq '.interfaces[].\"virtual-routers\"[].statistics'\n"));
    return {usage, [options] { return stats(*options); }};
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "controller/control_socket.hpp"
#include "dataplane/pins.hpp"

namespace vrrp_xdp::cli {
namespace {

bool has_pins(const std::string& interface) {
    const auto pinned = dataplane::pinned_interfaces();
    return std::find(pinned.begin(), pinned.end(), interface) != pinned.end();
}

/// What a crashed instance left, if anything.
ExitCode clear_leftovers(const std::string& interface) {
    const bool pinned = has_pins(interface);
    if (auto removed = dataplane::remove_attachment(interface); !removed) {
        report(removed.error());
        return ExitCode::Failed;
    }
    const auto stale = controller::remove_stale_socket(interface);
    if (!stale) {
        report(stale.error());
        return ExitCode::Failed;
    }
    if (pinned || *stale) {
        std::cout << interface << ": no instance was running; what it had left is removed\n";
        return ExitCode::Done;
    }
    std::cerr << "vrrp-xdp: no instance is running on " << interface << '\n';
    return ExitCode::NotRunning;
}

ExitCode detach(const std::string& interface) {
    const auto answer = controller::ask(interface, "detach");
    if (!answer) {
        report(answer.error());
        return ExitCode::Failed;
    }
    if (!*answer) return clear_leftovers(interface);
    std::cout << interface << ": detached\n";
    return ExitCode::Done;
}

}  // namespace

Command add_detach(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "detach", "Stop what runs on interfaces, and clear what a crashed instance left there");
    const auto interfaces = std::make_shared<std::vector<std::string>>();
    usage->add_option("IFACE", *interfaces, "The interfaces")->required();
    usage->footer(help_footer("  vrrp-xdp detach eth0\n"));
    return {usage, [interfaces] {
                ExitCode worst = ExitCode::Done;
                for (const std::string& interface : *interfaces)
                    if (const ExitCode code = detach(interface); code != ExitCode::Done) worst = code;
                return worst;
            }};
}

}  // namespace vrrp_xdp::cli

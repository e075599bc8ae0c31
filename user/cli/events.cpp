// SPDX-License-Identifier: BSD-2-Clause
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "control/event_client.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;

/// A line for people.
std::string line_of(const json& event) {
    const std::string kind = event["event"];
    const std::string interface = event.value("interface", "");
    if (kind == "subscribed") return interface + ": following pid " + std::to_string(event.value("pid", 0));
    if (kind == "unsubscribed") return interface + ": the instance has ended; waiting for another";
    return event.value("time", "") + " " + event.value("message", kind);
}

ExitCode follow(bool as_json) {
    asio::io_context io;
    std::optional<Error> failed;
    control::EventClient client(
        io,
        [&](const json& event) {
            // Whoever reads this from a pipe wants each line when it comes.
            std::cout << (as_json ? event.dump() : line_of(event)) << std::endl;
            if (!std::cout) io.stop();
        },
        [&](const Error& error) {
            failed = error;
            io.stop();
        });
    if (client.size() == 0 && !failed)
        std::cerr << "vrrp-xdp: no instance is running in this network namespace; waiting for one\n";
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&io](const asio::error_code&, int) { io.stop(); });
    if (!failed) io.run();
    if (!failed) return ExitCode::Done;
    report(*failed);
    return ExitCode::Failed;
}

}  // namespace

Command add_events(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "events",
        "Print a line for each event in this network namespace until Ctrl-C: transitions, trackers, failed "
        "hooks, and everything else that attach reports. Instances that start later are followed too");
    const auto as_json = std::make_shared<bool>(false);
    usage->add_flag("--json", *as_json, "Print a JSON object on each line");
    usage->footer(
        help_footer("  vrrp-xdp events\n"
                    "  vrrp-xdp events --json | jq -c 'select(.event == \"transition\")'\n"));
    return {usage, [as_json] { return follow(*as_json); }};
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "cli/command.hpp"

namespace vrrp_xdp::cli {

std::string help_footer(std::string_view examples) {
    std::string text = "Examples:\n";
    text += examples;
    text += "\n";
    return text += exit_code_help;
}

namespace {

/// Says what is wrong with the command line, or prints what --help and --version ask for: CLI11 throws those
/// too.
ExitCode answer(const CLI::App& program, const CLI::ParseError& error) {
    const bool is_wrong = error.get_exit_code() != 0;
    const std::vector<std::string> unknown = program.remaining();
    if (is_wrong && program.get_subcommands().empty() && !unknown.empty()) {
        // CLI11 would only say that a subcommand is required.
        std::cerr << "There is not a command or option " << unknown.front() << '\n';
        std::cerr << "Run with --help for more information.\n";
    } else {
        program.exit(error);
    }
    return is_wrong ? ExitCode::WrongUsage : ExitCode::Done;
}

ExitCode run(int argc, const char* const* argv) {
    CLI::App program("A VRRP router whose virtual addresses live in XDP", "vrrp-xdp");
    program.set_version_flag("--version", "vrrp-xdp " VRRP_XDP_VERSION, "Print the version and exit");
    program.require_subcommand(1);
    program.footer(
        help_footer("  vrrp-xdp check /etc/vrrp-xdp.yaml\n"
                    "  vrrp-xdp attach --config /etc/vrrp-xdp.yaml\n"
                    "  vrrp-xdp status\n"
                    "  vrrp-xdp attach --help\n"));

    const std::vector<Command> commands = {
        add_attach(program),  add_reload(program),      add_detach(program),  add_status(program),
        add_stats(program),   add_explain(program),     add_history(program), add_advise(program),
        add_events(program),  add_watch(program),       add_capture(program), add_check(program),
        add_diff(program),    add_import(program),      add_probe(program),   add_drain(program),
        add_undrain(program), add_switch_over(program),
    };

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return answer(program, error);
    }
    for (const Command& command : commands) {
        if (command.usage->parsed()) return command.run();
    }
    return ExitCode::WrongUsage;
}

}  // namespace
}  // namespace vrrp_xdp::cli

int main(int argc, char** argv) {
    using vrrp_xdp::cli::ExitCode;
    try {
        return static_cast<int>(vrrp_xdp::cli::run(argc, argv));
    } catch (const std::exception& error) {
        std::cerr << "vrrp-xdp: " << error.what() << '\n';
        return static_cast<int>(ExitCode::Failed);
    }
}

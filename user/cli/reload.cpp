// SPDX-License-Identifier: BSD-2-Clause
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/changes.hpp"
#include "cli/command.hpp"
#include "cli/configuration.hpp"
#include "cli/error_report.hpp"
#include "control/control_socket.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;

/// Attaching to a port that is new takes its time, and so does a hand-over.
constexpr std::chrono::seconds kPatience{30};

ExitCode tell(const json& answer) {
    const auto file = answer.value("file", "");
    if (answer.contains("mistakes")) {
        report_mistakes(file, answer["mistakes"].get<std::vector<std::string>>());
        return ExitCode::BadConfiguration;
    }
    if (answer.contains("error")) {
        report({answer["error"].get<std::string>() + "; nothing was changed", answer.value("hint", "")});
        return ExitCode::Failed;
    }
    bool any = false;
    for (const char* what : {"added", "changed", "removed"})
        for (const auto& interface : answer[what]) {
            std::cout << interface.get<std::string>() << ": " << what << '\n';
            any = true;
        }
    for (const auto& interface : answer.value("missing", json::array())) {
        std::cout << interface.get<std::string>() << ": missing; it is attached when it appears\n";
        any = true;
    }
    for (const auto& warning : answer.value("warnings", json::array()))
        std::cerr << "WARNING: " << warning.get<std::string>() << '\n';
    std::cout << file << (any ? " applied\n" : " applied; no interface changed\n");
    return ExitCode::Done;
}

struct Options {
    std::vector<std::string> interfaces;
    bool dry_run = false;
    bool json = false;
};

ExitCode reload(const std::string& interface, const Options& options) {
    if (options.dry_run) return show_reload(interface, options.json ? Form::Json : Form::Text);
    const auto answer = control::ask(interface, "reload", kPatience);
    if (!answer) {
        report(answer.error());
        return ExitCode::Failed;
    }
    if (*answer) return tell(**answer);
    std::cerr << "vrrp-xdp: no instance is running on " << interface << '\n';
    return ExitCode::NotRunning;
}

ExitCode reload_all(const std::vector<std::string>& interfaces, const Options& options) {
    ExitCode worst = ExitCode::Done;
    for (const std::string& interface : interfaces)
        if (const ExitCode code = reload(interface, options); code != ExitCode::Done) worst = code;
    return worst;
}

ExitCode reload_named_or_all(const Options& options) {
    if (!options.interfaces.empty()) return reload_all(options.interfaces, options);
    const auto found = one_of_each_instance();
    if (!found) {
        report(found.error());
        return ExitCode::Failed;
    }
    if (!found->empty()) return reload_all(*found, options);
    std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
    return ExitCode::NotRunning;
}

}  // namespace

Command add_reload(CLI::App& program) {
    CLI::App* const usage =
        program.add_subcommand("reload",
                               "Make running instances reread the configuration file that attach was given. "
                               "All changes are applied at once; unchanged elections are not disturbed. A "
                               "file with mistakes changes nothing. SIGHUP does the same");
    const auto options = std::make_shared<Options>();
    usage->add_option(
        "IFACE", options->interfaces,
        "Only the instances on these interfaces, each with all its interfaces (default: all instances)");
    CLI::Option* const dry_run = usage->add_flag(
        "--dry-run", options->dry_run,
        "Change nothing: show which Virtual Routers would begin, end or change, and what that "
        "would do");
    usage->add_flag("--json", options->json, "With --dry-run: print JSON")->needs(dry_run);
    usage->footer(
        help_footer("  vrrp-xdp reload\n"
                    "  vrrp-xdp reload eth0\n"
                    "  vrrp-xdp reload --dry-run\n"));
    return {usage, [options] { return reload_named_or_all(*options); }};
}

}  // namespace vrrp_xdp::cli

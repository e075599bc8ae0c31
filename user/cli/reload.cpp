// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

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

/// Everything that runs here, an interface for each instance.
Result<std::vector<std::string>> one_of_each_instance() {
    std::vector<std::string> interfaces;
    std::set<int> seen;
    for (const std::string& name : control::interfaces_with_socket()) {
        const auto answer = control::ask(name, "serving");
        if (!answer) return tl::unexpected(answer.error());
        if (*answer && seen.insert((*answer)->value("pid", 0)).second) interfaces.push_back(name);
    }
    return interfaces;
}

ExitCode reload(const std::string& interface) {
    const auto answer = control::ask(interface, "reload", kPatience);
    if (!answer) {
        report(answer.error());
        return ExitCode::Failed;
    }
    if (*answer) return tell(**answer);
    std::cerr << "vrrp-xdp: no instance is running on " << interface << '\n';
    return ExitCode::NotRunning;
}

ExitCode reload_all(const std::vector<std::string>& interfaces) {
    ExitCode worst = ExitCode::Done;
    for (const std::string& interface : interfaces)
        if (const ExitCode code = reload(interface); code != ExitCode::Done) worst = code;
    return worst;
}

ExitCode reload_named_or_all(const std::vector<std::string>& named) {
    if (!named.empty()) return reload_all(named);
    const auto found = one_of_each_instance();
    if (!found) {
        report(found.error());
        return ExitCode::Failed;
    }
    if (!found->empty()) return reload_all(*found);
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
    const auto interfaces = std::make_shared<std::vector<std::string>>();
    usage->add_option(
        "IFACE", *interfaces,
        "Only the instances on these interfaces, each with all its interfaces (default: all instances)");
    usage->footer(help_footer("  vrrp-xdp reload\n  vrrp-xdp reload eth0\n"));
    return {usage, [interfaces] { return reload_named_or_all(*interfaces); }};
}

}  // namespace vrrp_xdp::cli

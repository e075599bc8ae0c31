// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "control/control_socket.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;

/// What is drained is said as "[IFACE] [VRID]", and either may be left out.
struct Options {
    std::vector<std::string> words;
    std::int64_t seconds = 0;
    std::string reason;
    bool force = false;
};

struct Which {
    std::string interface;  ///< empty for all of them
    int vrid = 0;           ///< 0 for all of them
};

constexpr std::int64_t kSwitchedOver = 300;

std::optional<int> vrid_of(const std::string& word) {
    const bool is_number = !word.empty() && word.size() <= 3 &&
                           std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    const int vrid = is_number ? std::stoi(word) : 0;
    return vrid >= 1 && vrid <= 255 ? std::optional(vrid) : std::nullopt;
}

/// One word alone is a VRID if it can be one and no interface is called so.
Result<Which> which_of(const std::vector<std::string>& words, const std::map<std::string, Answer>& running) {
    if (words.empty()) return Which{};
    if (words.size() == 1) {
        if (const auto vrid = vrid_of(words[0]); vrid && !running.contains(words[0])) return Which{"", *vrid};
        return Which{words[0], 0};
    }
    const auto vrid = vrid_of(words[1]);
    if (!vrid)
        return failure(words[1] + " is not a VRID", "say which interface and which VRID, as 'eth0 10'");
    return Which{words[0], *vrid};
}

bool has(const status::Interface& interface, int vrid) {
    const auto& all = interface.virtual_routers;
    return vrid == 0 || std::any_of(all.begin(), all.end(),
                                    [vrid](const status::VirtualRouter& each) { return each.vrid == vrid; });
}

/// At one interface of each instance that has what is meant, by process.
std::map<std::int64_t, std::string> sockets_for(const Which& which,
                                                const std::map<std::string, Answer>& running) {
    std::map<std::int64_t, std::string> sockets;
    for (const auto& [name, answer] : running)
        if (answer && *answer && (which.interface.empty() || which.interface == name) &&
            has(**answer, which.vrid))
            sockets.try_emplace((**answer).pid.value_or(0), name);
    return sockets;
}

/// The instance gives a request to drain two intervals, and another five seconds.
std::chrono::seconds patience_with(const std::map<std::string, Answer>& running) {
    protocol::Duration longest{};
    for (const auto& [name, answer] : running)
        if (answer && *answer)
            for (const status::VirtualRouter& router : (**answer).virtual_routers)
                if (router.running) longest = std::max(longest, router.running->advertise_interval);
    return std::chrono::ceil<std::chrono::seconds>(2 * control::kPatience + 2 * longest);
}

std::string name_of(const json& router) {
    return router.value("interface", "") + " vrid " + std::to_string(router.value("vrid", 0)) + " " +
           router.value("address-family", "");
}

ExitCode tell(const std::string& interface, const json& answer) {
    if (answer.contains("error")) {
        const std::string error = answer.value("error", "");
        const bool is_older = error.starts_with("unknown request");
        report({error, is_older ? "the instance on " + interface +
                                      " is of a version that cannot do that; attach again with this one"
                                : answer.value("hint", "")});
        return ExitCode::Failed;
    }
    for (const json& each : answer.value("drained", json::array())) {
        std::cout << name_of(each) << ": drained";
        if (each.contains("active"))
            std::cout << "; " << each.value("active", "") << " is the Active Router";
        else if (each.value("state", "") == "active")
            std::cout << "; no other router has taken over, so this one serves until another does";
        std::cout << '\n';
    }
    if (answer.contains("undrained") && answer["undrained"].empty()) std::cout << "nothing was drained\n";
    for (const json& each : answer.value("undrained", json::array()))
        std::cout << name_of(each) << ": no longer drained\n";
    return ExitCode::Done;
}

ExitCode ask_for(const std::string& verb, const Options& options) {
    const auto running = ask_instances();
    for (const auto& [name, answer] : running)
        if (!answer) report(answer.error());
    const auto which = which_of(options.words, running);
    if (!which) {
        report(which.error());
        return ExitCode::WrongUsage;
    }
    const auto sockets = sockets_for(*which, running);
    if (sockets.empty()) {
        const bool is_there = std::any_of(running.begin(), running.end(), [&](const auto& each) {
            return each.second && *each.second &&
                   (which->interface.empty() || which->interface == each.first);
        });
        const std::string place =
            which->interface.empty() ? " in this network namespace" : " on " + which->interface;
        if (!is_there) {
            std::cerr << "vrrp-xdp: no instance is running" << place << '\n';
            return ExitCode::NotRunning;
        }
        report({"there is no Virtual Router " + std::to_string(which->vrid) + place,
                "see 'vrrp-xdp status' for those that there are"});
        return ExitCode::Failed;
    }
    json request{{"request", verb}, {"whole", which->interface.empty()}};
    if (which->vrid != 0) request["vrid"] = which->vrid;
    if (options.force) request["force"] = true;
    if (!options.reason.empty()) request["reason"] = options.reason;
    if (options.seconds > 0) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        request["until"] = std::chrono::ceil<std::chrono::seconds>(now).count() + options.seconds;
    }
    ExitCode worst = ExitCode::Done;
    for (const auto& [pid, interface] : sockets) {
        const auto answer = control::ask_with(interface, request, patience_with(running));
        const auto told = !answer ? answer.error() : Error{"the instance on " + interface + " has just left"};
        ExitCode code = ExitCode::Failed;
        if (!answer || !*answer)
            report(told);
        else
            code = tell(interface, **answer);
        if (code != ExitCode::Done) worst = code;
    }
    return worst;
}

void add_words(CLI::App* usage, Options& options) {
    usage
        ->add_option("WHICH", options.words,
                     "[IFACE] [VRID]: an interface, a VRID, or both; by default all that runs. All of a sync "
                     "group goes along")
        ->expected(0, 2);
}

/// Adds an option that takes a positive time with its unit.
CLI::Option* add_time(CLI::App* usage, const std::string& name, std::int64_t& seconds,
                      const std::string& help) {
    const std::map<std::string, std::int64_t> units{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    CLI::Validator as_seconds = CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED);
    const auto is_positive = [](const std::string& text) {
        return text.starts_with('-') || text == "0" ? "must be a positive time, such as 90s, 30m, 1h or 2d"
                                                    : std::string();
    };
    // Without descriptions, which the help would show beside the type.
    return usage->add_option(name, seconds, help)
        ->type_name("TIME")
        ->transform(as_seconds.description(""))
        ->check(CLI::Validator(is_positive, ""));
}

}  // namespace

Command add_drain(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "drain",
        "Hand over to another router without losing a packet, and stay Backup Router until 'undrain' or the "
        "time is over, whatever is reloaded, restarted or rebooted meanwhile. A drained Virtual Router still "
        "takes over when no Active Router is heard. Refused, at no cost, if no other router takes over");
    const auto options = std::make_shared<Options>();
    add_words(usage, *options);
    add_time(usage, "--for", options->seconds, "For so long: 90s, 30m, 1h, 2d");
    usage->add_option("--reason", options->reason, "For others to read in 'status' and 'explain'");
    usage->add_flag("--force", options->force,
                    "Even if no other router takes over: this one serves until another does");
    usage->footer(
        help_footer("  vrrp-xdp drain\n  vrrp-xdp drain eth0 --for 1h --reason 'new kernel'\n"
                    "  vrrp-xdp drain eth0 10\n"));
    return {usage, [options] { return ask_for("drain", *options); }};
}

Command add_undrain(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "undrain",
        "End what 'drain' has begun: the priority is the configured one again, and preempts as before");
    const auto options = std::make_shared<Options>();
    add_words(usage, *options);
    usage->footer(help_footer("  vrrp-xdp undrain\n  vrrp-xdp undrain eth0 10\n"));
    return {usage, [options] { return ask_for("undrain", *options); }};
}

Command add_switch_over(CLI::App& program) {
    CLI::App* const usage =
        program.add_subcommand("switch-over",
                               "Hand over to another router now, and take back after a while if this one's "
                               "priority is higher and it "
                               "preempts: a drill that loses no packet. The same as 'drain --for TIME'");
    const auto options = std::make_shared<Options>();
    options->seconds = kSwitchedOver;
    options->reason = "switch-over";
    add_words(usage, *options);
    add_time(usage, "--back-in", options->seconds, "After so long: 90s, 30m; 'undrain' ends it before")
        ->default_str("5m");
    usage->footer(help_footer("  vrrp-xdp switch-over\n  vrrp-xdp switch-over 10 --back-in 30s\n"));
    return {usage, [options] { return ask_for("drain", *options); }};
}

}  // namespace vrrp_xdp::cli

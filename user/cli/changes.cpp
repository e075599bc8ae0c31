// SPDX-License-Identifier: BSD-2-Clause
#include "cli/changes.hpp"

#include <net/if.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>
#include <utility>

#include "cli/configuration.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "config/load.hpp"
#include "control/control_socket.hpp"
#include "engine/placement.hpp"
#include "plan/json.hpp"
#include "plan/plan.hpp"
#include "plan/text.hpp"

namespace vrrp_xdp::cli {
namespace {

using config::Config;
using nlohmann::json;

/// What the instance runs, and what it would after a reload. Nothing, after saying why, if it does not tell.
std::optional<json> preview_of(const std::string& interface, ExitCode& code) {
    const auto answer = control::ask(interface, "preview");
    code = ExitCode::Failed;
    if (!answer) {
        report(answer.error());
    } else if (!*answer) {
        std::cerr << "vrrp-xdp: no instance is running on " << interface << '\n';
        code = ExitCode::NotRunning;
    } else if (!(**answer).contains("running")) {
        report(
            {"the instance on " + interface + " does not tell what it runs: " + (**answer).value("error", ""),
             "it is of an older version: run attach over it first, which changes nobody's state"});
    } else {
        return **answer;
    }
    return std::nullopt;
}

/// A text that an instance has written.
std::optional<Config> read(const json& answer, const char* key) {
    auto config = config::parse(answer.value(key, ""));
    if (config) return std::move(*config);
    report({"what the instance says of its configuration cannot be read: " +
                config.error().front().to_string(key),
            "use the same version of vrrp-xdp as the instance"});
    return std::nullopt;
}

plan::Surroundings surroundings() {
    std::vector<status::Interface> told;
    for (auto& [name, answer] : ask_instances())
        if (answer && *answer) told.push_back(std::move(**answer));
    const auto state_of = [told = std::move(told)](const std::string& interface,
                                                   const config::VirtualRouter& router) {
        std::optional<protocol::State> state;
        for (const status::Interface& each : told)
            for (const status::VirtualRouter& other : each.virtual_routers)
                if (each.name == interface && other.vrid == router.vrid.value() &&
                    other.family == router.family() && other.running)
                    state = other.running->state;
        return state;
    };
    return {state_of, [](const std::string& name) { return if_nametoindex(name.c_str()) != 0; }};
}

ExitCode show(const Config& present, const Config& wanted, const std::string& file, Form form) {
    const plan::Plan plan = plan::compare(present, wanted);
    if (form == Form::Json) {
        json told = plan::to_json(plan, surroundings());
        told["file"] = file;
        std::cout << printed(told);
    } else {
        std::cout << plan::text_of(plan, surroundings());
        if (plan.is_empty())
            std::cout << file << " is what runs; nothing would change\n";
        else
            std::cout << file << ": " << plan::summary_of(plan) << "; nothing was changed yet\n";
    }
    std::cout.flush();
    if (std::cout) return ExitCode::Done;
    std::cerr << "standard output cannot be written\n";
    return ExitCode::Failed;
}

/// Without the interfaces that the instance was not told to run.
void keep_only(const std::vector<std::string>& meant, Config& config) {
    if (meant.empty()) return;
    std::erase_if(config.interfaces, [&](const config::Interface& interface) {
        return std::find(meant.begin(), meant.end(), interface.name) == meant.end();
    });
}

}  // namespace

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

ExitCode show_reload(const std::string& interface, Form form) {
    ExitCode code{};
    const auto answer = preview_of(interface, code);
    if (!answer) return code;
    const auto file = answer->value("file", "");
    if (answer->contains("mistakes")) {
        report_mistakes(file, (*answer)["mistakes"].get<std::vector<std::string>>());
        return ExitCode::BadConfiguration;
    }
    if (answer->contains("error")) {
        report({"a reload would be refused: " + answer->value("error", ""), answer->value("hint", "")});
        return ExitCode::Failed;
    }
    const auto present = read(*answer, "running");
    const auto wanted = read(*answer, "wanted");
    if (!present || !wanted) return ExitCode::Failed;
    return show(*present, *wanted, file, form);
}

ExitCode show_difference(const std::string& interface, const std::string& file, Form form) {
    auto wanted = load_or_report(file);
    if (!wanted) return ExitCode::BadConfiguration;
    ExitCode code{};
    const auto answer = preview_of(interface, code);
    if (!answer) return code;
    const auto present = read(*answer, "running");
    if (!present) return ExitCode::Failed;
    keep_only(answer->value("interfaces", std::vector<std::string>{}), *wanted);
    spdlog::set_level(spdlog::level::off);  // of other names, which the journal is told at a reload
    if (const auto named = engine::use_kernel_names(*wanted); !named) {
        report(named.error());
        return ExitCode::Failed;
    }
    return show(*present, *wanted, file, form);
}

}  // namespace vrrp_xdp::cli

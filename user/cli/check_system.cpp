// SPDX-License-Identifier: BSD-2-Clause
#include "cli/check_system.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/error_report.hpp"
#include "inspection/host.hpp"
#include "inspection/interface.hpp"

namespace vrrp_xdp::cli {
namespace {

using inspection::Finding;
using inspection::Findings;
using inspection::Verdict;
using nlohmann::json;

/// Those that are up.
std::vector<std::string> ethernet_interfaces(const net::InterfaceMonitor& monitor) {
    std::vector<std::string> names = monitor.interface_names();
    std::erase_if(names, [&](const std::string& name) {
        const auto state = monitor.state_of(name);
        return !state || !state->ethernet || !state->running;
    });
    return names;
}

std::size_t count(const Findings& findings, Verdict verdict) {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.verdict == verdict; }));
}

void print(const Findings& findings) {
    std::size_t width = 0;
    for (const Finding& finding : findings) width = std::max(width, finding.subject.size());
    for (const Finding& finding : findings) {
        std::cout << fmt::format("{:<7}  {:<{}}  {}\n", to_string(finding.verdict), finding.subject, width,
                                 finding.what);
        if (!finding.hint.empty()) std::cout << fmt::format("{:{}}HINT: {}\n", "", width + 11, finding.hint);
    }
    std::cout << fmt::format("{} problems, {} warnings\n", count(findings, Verdict::Problem),
                             count(findings, Verdict::Warning));
}

void print_json(const Findings& findings) {
    json listed = json::array();
    for (const Finding& finding : findings) {
        json each{
            {"verdict", to_string(finding.verdict)}, {"subject", finding.subject}, {"finding", finding.what}};
        if (!finding.hint.empty()) each["hint"] = finding.hint;
        listed.push_back(std::move(each));
    }
    std::cout << json{{"findings", listed}}.dump(2) << '\n';
}

}  // namespace

ExitCode check_system(std::vector<std::string> interfaces, Form form) {
    const auto monitor = net::InterfaceMonitor::open();
    if (!monitor) {
        report(monitor.error());
        return ExitCode::Failed;
    }
    if (interfaces.empty()) interfaces = ethernet_interfaces(*monitor);
    Findings findings = inspection::inspect_host();
    for (const std::string& name : interfaces)
        for (Finding& finding : inspection::inspect_interface(name, *monitor))
            findings.push_back(std::move(finding));
    if (form == Form::Json)
        print_json(findings);
    else
        print(findings);
    return count(findings, Verdict::Problem) == 0 ? ExitCode::Done : ExitCode::Failed;
}

}  // namespace vrrp_xdp::cli

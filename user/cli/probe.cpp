// SPDX-License-Identifier: BSD-2-Clause
#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cmath>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "probe/prober.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;
using probe::Analysis;
using probe::Findings;
using probe::Outage;
using probe::Time;
using protocol::Family;
using protocol::IpAddress;

struct Options {
    std::string interface;
    std::string gateway;
    std::string beyond;
    double rate = 100;
    double duration = 0;
    bool as_json = false;
};

double milliseconds(probe::Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

std::string clock_time(Time at) {
    const auto since = std::chrono::floor<std::chrono::milliseconds>(at);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    return fmt::format("{:%H:%M:%S}.{:03}", fmt::localtime(std::chrono::system_clock::to_time_t(seconds)),
                       (since - seconds).count());
}

std::string question_name(const IpAddress& gateway) {
    return gateway.family() == Family::Ipv4 ? "arp" : "nd";
}

json as_json(const Analysis& analysis, Time now) {
    json outages = json::array();
    for (const Outage& each : analysis.outages(now))
        outages.push_back({{"since-ns", each.since.time_since_epoch().count()},
                           {"ms", milliseconds(each.length)},
                           {"lost", each.lost},
                           {"over", each.over}});
    json responders = json::array();
    for (const auto& each : analysis.responders())
        responders.push_back({{"mac", each.mac.to_string()}, {"answers", each.answers}});
    return {{"asked", analysis.questions()},
            {"lost", analysis.lost(now)},
            {"duplicates", analysis.duplicates()},
            {"longest-gap-ms", milliseconds(analysis.longest_gap(now))},
            {"outages", outages},
            {"responders", responders}};
}

void print(const std::string& name, const Analysis& analysis, Time now) {
    std::cout << fmt::format("{:<4}  {} asked, {} lost, {} duplicate answers, longest gap {:.1f} ms\n", name,
                             analysis.questions(), analysis.lost(now), analysis.duplicates(),
                             milliseconds(analysis.longest_gap(now)));
    for (const auto& each : analysis.responders())
        std::cout << fmt::format("      {} answers from {}\n", each.answers, each.mac.to_string());
    for (const Outage& each : analysis.outages(now))
        if (!each.over) std::cout << fmt::format("      silent since {}\n", clock_time(each.since));
}

/// On standard error and only on a terminal: a line that is written over and over.
class LiveLine {
  public:
    explicit LiveLine(bool wanted) : shows_(wanted && isatty(STDERR_FILENO) == 1) {}

    void show(const Findings& findings, Time now) const {
        if (!shows_) return;
        const Analysis& seen = findings.neighbour;
        std::string by;
        for (const auto& each : seen.responders()) by += " " + each.mac.to_string();
        std::cerr << fmt::format("\r\033[K{} asked, {} lost, longest gap {:.1f} ms, answered by{}",
                                 seen.questions(), seen.lost(now), milliseconds(seen.longest_gap(now)),
                                 by.empty() ? " nobody" : by)
                  << std::flush;
    }
    void clear() const {
        if (shows_) std::cerr << "\r\033[K" << std::flush;
    }

  private:
    bool shows_;
};

Result<probe::Plan> plan_of(const Options& options) {
    const auto gateway = IpAddress::parse(options.gateway);
    if (!gateway) return failure(options.gateway + " is neither an IPv4 nor an IPv6 address");
    probe::Plan plan{.interface = options.interface,
                     .gateway = *gateway,
                     .period = probe::Duration(std::llround(1e9 / options.rate))};
    if (!options.beyond.empty()) {
        plan.beyond = IpAddress::parse(options.beyond);
        if (!plan.beyond || plan.beyond->family() != gateway->family())
            return failure(options.beyond + " is not an address of the gateway's family",
                           "pass an address behind the gateway to --ping");
    }
    if (options.duration > 0) plan.duration = probe::Duration(std::llround(options.duration * 1e9));
    return plan;
}

void summarize(const Options& options, const probe::Plan& plan, const Findings& findings) {
    const Time now = probe::now();
    const std::string name = question_name(plan.gateway);
    if (options.as_json) {
        json all{{"interface", options.interface},
                 {"gateway", plan.gateway.to_string()},
                 {"rate", options.rate},
                 {name, as_json(findings.neighbour, now)}};
        if (plan.beyond) all["echo"] = as_json(findings.echo, now);
        std::cout << all.dump(2) << '\n';
        return;
    }
    print(name, findings.neighbour, now);
    if (plan.beyond) print("echo", findings.echo, now);
}

ExitCode probe_gateway(const Options& options) {
    const auto plan = plan_of(options);
    if (!plan) {
        report(plan.error());
        return ExitCode::WrongUsage;
    }
    auto prober = probe::Prober::open(*plan);
    if (!prober) {
        report(prober.error());
        return ExitCode::Failed;
    }
    const LiveLine line(!options.as_json);
    const probe::Audience audience{
        .outage_ended =
            [&](const char* what, const Outage& outage) {
                if (options.as_json) return;
                line.clear();
                std::cout << fmt::format("{}  {}: no answer for {:.1f} ms, {} lost\n",
                                         clock_time(outage.since), what, milliseconds(outage.length),
                                         outage.lost)
                          << std::flush;
            },
        .moment_passed = [&](const Findings& findings, Time now) { line.show(findings, now); }};
    const auto findings = prober->run(audience);
    line.clear();
    if (!findings) {
        report(findings.error());
        return ExitCode::Failed;
    }
    summarize(options, *plan, *findings);
    if (!findings->neighbour.responders().empty()) return ExitCode::Done;
    std::cerr << "vrrp-xdp: nobody answered for " << options.gateway << " on " << options.interface << '\n';
    return ExitCode::Failed;
}

}  // namespace

Command add_probe(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "probe", "Measure the outages of a gateway from a host until Ctrl-C, whatever VRRP daemon it runs");
    const auto options = std::make_shared<Options>();
    usage->add_option("IFACE", options->interface, "The interface on which hosts reach the gateway")
        ->required();
    usage
        ->add_option(
            "GATEWAY", options->gateway,
            "The gateway's IPv4 or IPv6 address, which is resolved with ARP or Neighbour Solicitations")
        ->required();
    usage->add_option("--rate", options->rate, "Requests per second")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1000.0));
    usage->add_option("--ping", options->beyond,
                      "Also send echo requests through the gateway to this address behind it");
    usage->add_option("--duration", options->duration, "Stop after this many seconds")
        ->check(CLI::PositiveNumber);
    usage->add_flag("--json", options->as_json, "Print JSON at the end");
    usage->footer(
        help_footer("  vrrp-xdp probe eth0 192.0.2.254\n"
                    "  vrrp-xdp probe eth0 192.0.2.254 --ping 198.51.100.100 --duration 60\n"
                    "  vrrp-xdp probe eth0 fe80::a --rate 500 --json --duration 10\n"
                    "It needs only CAP_NET_RAW, and no instance on this host.\n"));
    return {usage, [options] { return probe_gateway(*options); }};
}

}  // namespace vrrp_xdp::cli

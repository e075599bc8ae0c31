// SPDX-License-Identifier: BSD-2-Clause
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/configuration.hpp"
#include "cli/error_report.hpp"
#include "daemon/service.hpp"
#include "inspection/kernel_answers.hpp"

namespace vrrp_xdp::cli {
namespace {

using dataplane::Mode;

struct Options {
    std::vector<std::string> interfaces;
    std::string file;
    Mode mode = Mode::Auto;
    std::string metrics;
    std::string state_directory;
    bool strict = false;
};

/// The part of the configuration that is about the named interfaces; all of it if none is named.
Result<config::Config> selected(config::Config config, const std::vector<std::string>& names) {
    if (names.empty()) return config;
    const auto has_name = [](const std::string& name) {
        return [&name](const config::Interface& interface) { return interface.name == name; };
    };
    auto& interfaces = config.interfaces;
    for (const std::string& name : names)
        if (std::none_of(interfaces.begin(), interfaces.end(), has_name(name)))
            return failure("interface " + name + " is not in the configuration",
                           "add it under 'interfaces:'");
    std::set<std::string> left_out;
    std::erase_if(interfaces, [&](const config::Interface& interface) {
        const bool leave = std::find(names.begin(), names.end(), interface.name) == names.end();
        if (leave)
            for (const config::VirtualRouter& router : interface.virtual_routers)
                left_out.insert(router.sync_group);
        return leave;
    });
    for (const config::Interface& interface : interfaces)
        for (const config::VirtualRouter& router : interface.virtual_routers)
            if (!router.sync_group.empty() && left_out.contains(router.sync_group))
                return failure("sync-group " + router.sync_group + " is on " + interface.name +
                                   " and on an interface that is not selected",
                               "name all interfaces of the group, or none");
    return config;
}

void log_to_standard_error() {
    spdlog::set_default_logger(spdlog::stderr_color_st("vrrp-xdp"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%f %^%l%$ %v");
    spdlog::flush_on(spdlog::level::info);
}

/// What no data plane can keep from answering in its place.
void warn_of_kernel_answers(const config::Config& config) {
    using inspection::HoldsAddresses;
    for (const config::Interface& interface : config.interfaces) {
        const auto& routers = interface.virtual_routers;
        const bool holds =
            std::any_of(routers.begin(), routers.end(), [](const config::VirtualRouter& router) {
                return router.accept_mode || router.priority.is_owner();
            });
        for (const inspection::Finding& finding : inspection::inspect_kernel_answers(
                 interface.name, holds ? HoldsAddresses::Perhaps : HoldsAddresses::No))
            spdlog::warn("{}: {}; {}", finding.subject, finding.what, finding.hint);
    }
}

ExitCode attach(const Options& options) {
    auto loaded = load_or_report(options.file);
    if (!loaded) return ExitCode::BadConfiguration;
    auto config = selected(std::move(*loaded), options.interfaces);
    if (!config) {
        report(config.error());
        return ExitCode::WrongUsage;
    }
    daemon::ServiceOptions service{options.mode,
                                   options.strict ? engine::OnMissing::Refuse : engine::OnMissing::Wait,
                                   std::nullopt, VRRP_XDP_VERSION, options.state_directory};
    if (!options.metrics.empty()) {
        const auto endpoint = reporting::parse_metrics_endpoint(options.metrics);
        if (!endpoint) {
            report(Error(endpoint.error()).within("--metrics"));
            return ExitCode::WrongUsage;
        }
        service.metrics = *endpoint;
    }
    log_to_standard_error();
    warn_of_kernel_answers(*config);
    config::Source source{std::filesystem::absolute(options.file), options.interfaces};
    if (const auto served = daemon::serve(std::move(*config), std::move(source), service); !served) {
        report(served.error());
        return ExitCode::Failed;
    }
    return ExitCode::Done;
}

}  // namespace

Command add_attach(CLI::App& program) {
    static const std::map<std::string, Mode> modes{
        {"auto", Mode::Auto}, {"native", Mode::Native}, {"clsact", Mode::Clsact}, {"generic", Mode::Generic}};

    CLI::App* const usage = program.add_subcommand(
        "attach",
        "Run the Virtual Routers of a configuration in the foreground until SIGTERM or Ctrl-C. If an "
        "instance runs on these interfaces or has just crashed, the new one continues from its state: an "
        "Active Router stays Active, and the running instance ends");
    const auto options = std::make_shared<Options>();
    usage->add_option("IFACE", options->interfaces, "Only these interfaces of the configuration");
    usage->add_option("-c,--config", options->file, "The configuration file (YAML), or a directory of them")
        ->required();
    usage
        ->add_option(
            "--mode", options->mode,
            "How to attach: native (XDP in the driver), clsact (a filter, works on every interface), generic "
            "(XDP in the kernel, works on every interface, but slower and without VLAN tags that were "
            "stripped before), or auto (native if the driver supports it, else clsact)")
        ->transform(CLI::CheckedTransformer(modes).description("{auto,native,clsact,generic}"))
        ->default_str("auto");
    usage
        ->add_option(
            "--metrics", options->metrics,
            "Serve Prometheus metrics at http://ADDRESS:PORT/metrics, [ADDRESS]:PORT for IPv6 (default: off)")
        ->type_name("ADDRESS:PORT");
    usage
        ->add_option("--state-directory", options->state_directory,
                     "Keep a history of 8 MiB in this directory, for 'vrrp-xdp history'; by default none")
        ->type_name("DIR")
        ->envname("STATE_DIRECTORY");
    usage->add_flag("--strict", options->strict,
                    "Fail if an interface is missing, at startup and on reload. By default the others run, "
                    "and the missing one is attached when it appears");
    usage->footer(
        help_footer("  vrrp-xdp attach --config /etc/vrrp-xdp.yaml\n"
                    "  vrrp-xdp attach eth0 --config /etc/vrrp-xdp.yaml --mode native\n"
                    "  vrrp-xdp attach --config /etc/vrrp-xdp.yaml --metrics 127.0.0.1:9112\n"));
    return {usage, [options] { return attach(*options); }};
}

}  // namespace vrrp_xdp::cli

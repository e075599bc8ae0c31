// SPDX-License-Identifier: BSD-2-Clause
#include <iostream>
#include <memory>
#include <string>

#include "cli/changes.hpp"
#include "cli/command.hpp"
#include "cli/error_report.hpp"

namespace vrrp_xdp::cli {
namespace {

struct Options {
    std::string file;
    std::string interface;
    bool json = false;
};

ExitCode diff(const Options& options) {
    const Form form = options.json ? Form::Json : Form::Text;
    if (!options.interface.empty()) return show_difference(options.interface, options.file, form);
    const auto found = one_of_each_instance();
    if (!found) {
        report(found.error());
        return ExitCode::Failed;
    }
    if (found->empty()) {
        std::cerr << "vrrp-xdp: no instance is running in this network namespace\n";
        return ExitCode::NotRunning;
    }
    if (found->size() > 1) {
        report({"several instances run here, and each has a configuration of its own",
                "name an interface of the one that is meant: vrrp-xdp diff " + options.file + " " +
                    found->front()});
        return ExitCode::WrongUsage;
    }
    return show_difference(found->front(), options.file, form);
}

}  // namespace

Command add_diff(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "diff",
        "Show what would change if a running instance went over to another configuration file: which Virtual "
        "Routers begin, end or change, and what that does. Nothing is changed");
    const auto options = std::make_shared<Options>();
    usage->add_option("FILE", options->file, "The configuration file (YAML)")->required();
    usage->add_option("IFACE", options->interface,
                      "The instance that runs on this interface; by default the only one");
    usage->add_flag("--json", options->json, "Print JSON");
    usage->footer(
        help_footer("  vrrp-xdp diff /etc/vrrp-xdp.yaml.new\n"
                    "  vrrp-xdp diff new.yaml eth0 --json\n"));
    return {usage, [options] { return diff(*options); }};
}

}  // namespace vrrp_xdp::cli

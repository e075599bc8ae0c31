// SPDX-License-Identifier: BSD-2-Clause
// The commands of vrrp-xdp. A new one is a file with its add_ function, a declaration here and a line in
// main.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "cli/exit_codes.hpp"

namespace vrrp_xdp::cli {

/// A command as the command line knows it, and what it does once the whole line has been understood.
struct Command {
    const CLI::App* usage;  ///< owned by the program that it was added to
    std::function<ExitCode()> run;
};

/// Examples, one "  vrrp-xdp ..." on a line, and below them the exit codes: the foot of a --help.
std::string help_footer(std::string_view examples);

/// Adds `vrrp-xdp attach [IFACE...] --config FILE`, which runs the Virtual Routers in the foreground.
Command add_attach(CLI::App& program);

/// Adds `vrrp-xdp reload [IFACE...]`, which applies the changes in the configuration file.
Command add_reload(CLI::App& program);

/// vrrp-xdp diff FILE [IFACE]: what would change if an instance went over to this file.
Command add_diff(CLI::App& program);

/// vrrp-xdp detach IFACE...: stops what runs there, and clears what a crashed instance left.
Command add_detach(CLI::App& program);

/// vrrp-xdp drain [IFACE] [VRID]: hands over to another router, and stays Backup Router.
Command add_drain(CLI::App& program);

/// vrrp-xdp undrain [IFACE] [VRID]: ends that.
Command add_undrain(CLI::App& program);

/// vrrp-xdp switch-over [IFACE] [VRID]: hands over to another router, and takes back after a while.
Command add_switch_over(CLI::App& program);

/// vrrp-xdp status: what runs in this network namespace, and how it is.
Command add_status(CLI::App& program);

/// Adds `vrrp-xdp stats`, which shows the counters.
Command add_stats(CLI::App& program);

/// Adds `vrrp-xdp explain VRID [IFACE]`, which explains why a Virtual Router is in its state.
Command add_explain(CLI::App& program);

/// Adds `vrrp-xdp probe IFACE GATEWAY`, which measures the outages of a host's gateway.
Command add_probe(CLI::App& program);

/// Adds `vrrp-xdp events`, which prints events line by line until Ctrl-C.
Command add_events(CLI::App& program);

/// vrrp-xdp history [IFACE] [VRID]: what has happened.
Command add_history(CLI::App& program);

/// vrrp-xdp advise [VRID]: which interval the network would bear.
Command add_advise(CLI::App& program);

/// vrrp-xdp watch: the same and how everything is, in a terminal, until q or Ctrl-C.
Command add_watch(CLI::App& program);

/// vrrp-xdp capture [IFACE...]: what the programs judge and what is sent, as pcapng.
Command add_capture(CLI::App& program);

/// vrrp-xdp check FILE: reads a configuration and says what it means, or every mistake in it.
Command add_check(CLI::App& program);

/// Adds `vrrp-xdp import FILE`, which converts a keepalived.conf.
Command add_import(CLI::App& program);

}  // namespace vrrp_xdp::cli

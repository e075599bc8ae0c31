// SPDX-License-Identifier: BSD-2-Clause
#include <net/if.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "control/control_socket.hpp"
#include "dataplane/pins.hpp"
#include "dataplane/port_lock.hpp"
#include "net/host_addresses.hpp"
#include "net/interface_monitor.hpp"
#include "status/json.hpp"

namespace vrrp_xdp::cli {
namespace {

bool has_pins(const std::string& port) {
    const auto pinned = dataplane::pinned_interfaces();
    return std::find(pinned.begin(), pinned.end(), port) != pinned.end();
}

/// Takes the virtual addresses that the instance had given to the host. Whether there were any.
Result<bool> take_addresses(unsigned index) {
    if (index == 0) return false;
    const auto given = net::given_addresses(index);
    if (!given) return tl::unexpected(given.error());
    for (const auto& address : *given)
        if (auto taken = net::take_address(index, address); !taken) return tl::unexpected(taken.error());
    return !given->empty();
}

/// Removes what a crashed instance left on the interface and its port. Whether there was anything.
Result<bool> remove_leftovers(const std::string& interface) {
    const auto monitor = net::InterfaceMonitor::open();
    if (!monitor) return tl::unexpected(monitor.error());
    const std::string port = monitor->placement_of(interface).port;
    const unsigned noted = dataplane::pinned_index(interface);  // it may have been renamed since
    const unsigned index = noted != 0 ? noted : if_nametoindex(interface.c_str());
    const auto lock = dataplane::PortLock::take(port);
    if (!lock) return tl::unexpected(lock.error());

    bool pinned = false;
    for (const std::string& place : {port, interface}) {  // a VLAN device may have been its own port
        pinned |= has_pins(place);
        if (auto removed = dataplane::remove_attachment(place); !removed)
            return tl::unexpected(removed.error());
    }
    const auto stale = control::remove_stale_socket(interface);
    if (!stale) return tl::unexpected(stale.error());
    const auto addresses = take_addresses(index);
    if (!addresses) return tl::unexpected(addresses.error());
    return pinned || *stale || *addresses;
}

ExitCode clear_leftovers(const std::string& interface) {
    const auto removed = remove_leftovers(interface);
    if (!removed) {
        report(removed.error());
        return ExitCode::Failed;
    }
    if (*removed) {
        std::cout << interface << ": no instance was running; removed what a previous one had left\n";
        return ExitCode::Done;
    }
    std::cerr << "vrrp-xdp: no instance is running on " << interface << '\n';
    return ExitCode::NotRunning;
}

/// An Active Router is there for its hosts until another one is, for an interval at most.
std::chrono::seconds patience_with(const status::Interface& interface) {
    protocol::Duration longest{};
    for (const status::VirtualRouter& router : interface.virtual_routers)
        if (router.running) longest = std::max(longest, router.running->advertise_interval);
    return std::chrono::ceil<std::chrono::seconds>(control::kPatience + longest);
}

/// As ask() answers. Who hangs is found out by a question that takes no time.
Result<std::optional<nlohmann::json>> ask_to_leave(const std::string& interface) {
    auto said = control::ask(interface, "status");
    if (!said || !*said) return said;
    const auto status = status::from_json(**said);
    return control::ask(interface, "detach", status ? patience_with(*status) : control::kPatience);
}

ExitCode detach(const std::string& asked) {
    // What was attached before an interface was renamed is known by its old name.
    const std::string interface = dataplane::pinned_under_another_name(asked).value_or(asked);
    const auto answer = ask_to_leave(interface);
    if (!answer) {
        report(answer.error());
        return ExitCode::Failed;
    }
    if (!*answer) return clear_leftovers(interface);
    std::cout << interface << ": detached\n";
    return ExitCode::Done;
}

}  // namespace

Command add_detach(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "detach", "Stop the instance on these interfaces, or remove what a crashed one left there");
    const auto interfaces = std::make_shared<std::vector<std::string>>();
    usage->add_option("IFACE", *interfaces, "The interfaces")->required();
    usage->footer(help_footer("  vrrp-xdp detach eth0\n"));
    return {usage, [interfaces] {
                ExitCode worst = ExitCode::Done;
                for (const std::string& interface : *interfaces)
                    if (const ExitCode code = detach(interface); code != ExitCode::Done) worst = code;
                return worst;
            }};
}

}  // namespace vrrp_xdp::cli

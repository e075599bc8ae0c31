// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/configuration.hpp"

namespace vrrp_xdp::cli {
namespace {

using config::Checksum;
using config::VirtualRouter;
using protocol::MacAddress;
using protocol::Version;

using Row = std::array<std::string, 9>;

std::string text_of(protocol::Duration interval) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(interval).count();
    if (milliseconds % 1000 == 0) return std::to_string(milliseconds / 1000) + "s";
    return std::to_string(milliseconds) + "ms";
}

std::string addresses_of(const VirtualRouter& router) {
    std::string text;
    for (const protocol::IpAddress& address : router.virtual_addresses) {
        if (!text.empty()) text += ' ';
        text += address.to_string();
    }
    return text;
}

Row row_of(const std::string& interface, const VirtualRouter& router) {
    return {interface,
            std::to_string(router.vrid.value()),
            router.version == Version::V2 ? "2" : "3",
            std::to_string(router.priority.value()),
            text_of(router.advertise_interval),
            router.preempt ? "yes" : "no",
            router.checksum == Checksum::PseudoHeader ? "pseudo-header" : "message-only",
            MacAddress::of_virtual_router(router.vrid, router.family()).to_string(),
            addresses_of(router)};
}

std::vector<Row> table_of(const config::Config& config) {
    std::vector<Row> rows = {{"INTERFACE", "VRID", "VERSION", "PRIORITY", "INTERVAL", "PREEMPT", "CHECKSUM",
                              "VIRTUAL MAC", "VIRTUAL ADDRESSES"}};
    for (const config::Interface& interface : config.interfaces) {
        for (const VirtualRouter& router : interface.virtual_routers) {
            rows.push_back(row_of(interface.name, router));
        }
    }
    return rows;
}

void print(const std::vector<Row>& rows) {
    std::array<std::size_t, std::tuple_size_v<Row>> widths{};
    for (const Row& row : rows) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], row[column].size());
        }
    }
    for (const Row& row : rows) {
        for (std::size_t column = 0; column + 1 < row.size(); ++column) {
            const std::string padding(widths[column] - row[column].size() + 2, ' ');
            std::cout << row[column] << padding;
        }
        std::cout << row.back() << '\n';
    }
}

ExitCode check(const std::string& file) {
    const auto config = load_or_report(file);
    if (!config) return ExitCode::BadConfiguration;
    print(table_of(*config));
    std::cout << file << " is valid" << std::endl;
    if (std::cout) return ExitCode::Done;
    std::cerr << "standard output cannot be written\n";
    return ExitCode::Failed;
}

}  // namespace

Command add_check(CLI::App& program) {
    CLI::App* const usage =
        program.add_subcommand("check", "Check a configuration file and show what it means");
    const auto file = std::make_shared<std::string>();
    usage->add_option("FILE", *file, "The configuration file (YAML)")->required();
    usage->footer(help_footer("  vrrp-xdp check /etc/vrrp-xdp.yaml\n"));
    return {usage, [file] { return check(*file); }};
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/check_system.hpp"
#include "cli/command.hpp"
#include "cli/configuration.hpp"
#include "cli/options.hpp"
#include "config/text.hpp"

namespace vrrp_xdp::cli {
namespace {

using config::Checksum;
using config::VirtualRouter;
using protocol::MacAddress;
using protocol::Version;

/// A line of the table, without the two columns that may be longer than a line.
using Row = std::array<std::string, 9>;

struct Entry {
    Row row;
    std::vector<std::string> addresses;  ///< the lines of that column, at least one
    std::vector<std::string> options;    ///< those of the last column, at least one
};

// Room for the longest IPv6 address, which has 39 characters, or for two of the usual length.
constexpr std::size_t longest_line = 40;

std::string text_of(protocol::Duration interval) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(interval).count();
    if (milliseconds % 1000 == 0) return std::to_string(milliseconds / 1000) + "s";
    return std::to_string(milliseconds) + "ms";
}

/// As many words on a line as fit. At least one line.
std::vector<std::string> wrapped(const std::vector<std::string>& words, const std::string& separator) {
    std::vector<std::string> lines(1);
    for (const std::string& word : words) {
        if (lines.back().empty()) {
            lines.back() = word;
        } else if (lines.back().size() + separator.size() + word.size() <= longest_line) {
            lines.back() += separator + word;
        } else {
            lines.push_back(word);
        }
    }
    return lines;
}

std::vector<std::string> addresses_of(const VirtualRouter& router) {
    std::vector<std::string> texts;
    for (const protocol::IpAddress& address : router.virtual_addresses) texts.push_back(address.to_string());
    return wrapped(texts, " ");
}

Row row_of(const std::string& interface, const VirtualRouter& router) {
    return {interface,
            std::to_string(router.vrid.value()),
            std::string(config::name_of(router.family())),
            router.also_version_2           ? "2+3"
            : router.version == Version::V2 ? "2"
                                            : "3",
            std::to_string(router.priority.value()),
            text_of(router.advertise_interval),
            router.preempt ? "yes" : "no",
            router.checksum == Checksum::PseudoHeader ? "pseudo-header" : "message-only",
            router.virtual_mac ? MacAddress::of_virtual_router(router.vrid, router.family()).to_string()
                               : "none"};
}

std::vector<Entry> table_of(const config::Config& config) {
    std::vector<Entry> table = {{{"INTERFACE", "VRID", "FAMILY", "VERSION", "PRIORITY", "INTERVAL", "PREEMPT",
                                  "CHECKSUM", "VIRTUAL MAC"},
                                 {"VIRTUAL ADDRESSES"},
                                 {"OPTIONS"}}};
    for (const config::Interface& interface : config.interfaces) {
        for (const VirtualRouter& router : interface.virtual_routers) {
            table.push_back({row_of(interface.name, router), addresses_of(router),
                             wrapped(options_of(config, router), ", ")});
        }
    }
    return table;
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - text.size() + 2, ' ');
}

void print_line(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << '\n';
}

void print(const std::vector<Entry>& table) {
    std::array<std::size_t, std::tuple_size_v<Row>> widths{};
    std::size_t addresses_width = 0;
    for (const Entry& entry : table) {
        for (std::size_t column = 0; column < widths.size(); ++column)
            widths[column] = std::max(widths[column], entry.row[column].size());
        for (const std::string& line : entry.addresses)
            addresses_width = std::max(addresses_width, line.size());
    }
    for (const Entry& entry : table) {
        std::string before;
        for (std::size_t column = 0; column < widths.size(); ++column)
            before += padded(entry.row[column], widths[column]);
        const auto line_of = [](const std::vector<std::string>& lines, std::size_t i) {
            return i < lines.size() ? lines[i] : std::string();
        };
        for (std::size_t i = 0; i < std::max(entry.addresses.size(), entry.options.size()); ++i) {
            print_line(before + padded(line_of(entry.addresses, i), addresses_width) +
                       line_of(entry.options, i));
            before.assign(before.size(), ' ');
        }
    }
}

ExitCode check(const std::string& file) {
    const auto config = load_or_report(file);
    if (!config) return ExitCode::BadConfiguration;
    print(table_of(*config));
    std::cout << file << " is valid" << std::endl;
    if (std::cout) return ExitCode::Done;
    std::cerr << "cannot write to standard output\n";
    return ExitCode::Failed;
}

}  // namespace

Command add_check(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "check",
        "Check a configuration file and show what it means, or check whether this host can run vrrp-xdp");
    struct Options {
        std::string file;
        std::vector<std::string> interfaces;
        bool json = false;
    };
    const auto options = std::make_shared<Options>();
    CLI::Option* const file = usage->add_option("FILE", options->file, "The configuration file (YAML)");
    CLI::Option* const system =
        usage->add_option("--system", options->interfaces,
                          "Instead of a file, check the kernel, the capabilities of this process and these "
                          "interfaces (default: all that are up). The exit code is 1 if there is a problem");
    system->type_name("IFACE")->expected(0, -1)->excludes(file);
    usage->add_flag("--json", options->json, "With --system: print JSON")->needs(system);
    usage->footer(
        help_footer("  vrrp-xdp check /etc/vrrp-xdp.yaml\n"
                    "  vrrp-xdp check --system\n"
                    "  vrrp-xdp check --system eth0 eth1 --json\n"));
    usage->require_option(1, 0);
    return {usage, [options, system] {
                if (system->count() == 0) return check(options->file);
                std::erase(options->interfaces, "");  // what CLI11 gives an option without values
                return check_system(options->interfaces, options->json ? Form::Json : Form::Text);
            }};
}

}  // namespace vrrp_xdp::cli

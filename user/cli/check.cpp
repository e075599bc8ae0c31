// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "cli/check_pair.hpp"
#include "cli/check_system.hpp"
#include "cli/command.hpp"
#include "cli/configuration.hpp"
#include "cli/options.hpp"
#include "config/text.hpp"
#include "schema/schema.hpp"

namespace vrrp_xdp::cli {
namespace {

using config::Checksum;
using config::VirtualRouter;
using protocol::MacAddress;

/// A line of the table, without the two columns that may be longer than a line.
using Row = std::array<std::string, 9>;

struct Entry {
    Row row;
    std::vector<std::string> addresses;  ///< the lines of that column, at least one
    std::vector<std::string> options;    ///< those of the last column, at least one
};

// Room for the longest IPv6 address, which has 39 characters, or for two of the usual length.
constexpr std::size_t longest_line = 40;

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
            config::spelt_versions(router),
            std::to_string(router.priority.value()),
            config::spelt(router.advertise_interval),
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

/// Values that Virtual Routers have from defaults, a line each, in the order of their places.
void print_defaults(const config::Origins& origins) {
    struct Default {
        std::string key;
        std::size_t routers = 0;
    };
    std::map<std::tuple<std::string, int, int>, Default> defaults;
    for (const auto& interface : origins)
        for (const config::Origin& origin : interface)
            for (const auto& [key, value] : origin.values) {
                if (value.shared_by.empty()) continue;
                Default& found = defaults[{value.place.file, value.place.line, value.place.column}];
                found.key = key;
                ++found.routers;
            }
    for (const auto& [place, found] : defaults) {
        const auto& [file, line, column] = place;
        std::cout << config::Place{file, line, column}.to_string() << ": " << found.key
                  << " is the default of " << found.routers
                  << (found.routers == 1 ? " Virtual Router\n" : " Virtual Routers\n");
    }
}

ExitCode check(const std::string& file) {
    const auto loaded = load_with_origins_or_report(file);
    if (!loaded) return ExitCode::BadConfiguration;
    print(table_of(loaded->config));
    print_defaults(loaded->origins);
    std::cout << file << " is valid" << std::endl;
    if (std::cout) return ExitCode::Done;
    std::cerr << "cannot write to standard output\n";
    return ExitCode::Failed;
}

ExitCode print_schema() {
    std::cout << schema::make_schema().dump(2) << std::endl;
    return std::cout ? ExitCode::Done : ExitCode::Failed;
}

}  // namespace

Command add_check(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "check",
        "Check a configuration file and show what it means, compare it with that of the other router, or "
        "check whether this host can run vrrp-xdp");
    struct Options {
        std::string file;
        std::string against;
        std::string config_id;
        std::vector<std::string> interfaces;
        bool json = false;
        bool schema = false;
    };
    const auto options = std::make_shared<Options>();
    CLI::Option* const file = usage->add_option("FILE", options->file, "The configuration file (YAML)");
    CLI::Option* const system =
        usage->add_option("--system", options->interfaces,
                          "Instead of a file, check the kernel, the capabilities of this process and these "
                          "interfaces (default: all that are up). The exit code is 1 if there is a problem");
    system->type_name("IFACE")->expected(0, -1)->excludes(file);
    CLI::Option* const against = usage->add_option(
        "--against", options->against,
        "The configuration of the other router, which may be a keepalived.conf: say what the "
        "two disagree about, with the places in both. Exit code 3 if both could be Active, or "
        "a gateway go away with a router");
    against->type_name("FILE")->needs(file);
    usage
        ->add_option(
            "-i,--config-id", options->config_id,
            "With --against: the router that lines of a keepalived.conf with an @ are for, as its -i")
        ->needs(against);
    usage->add_flag("--json", options->json, "With --system or --against: print JSON");
    usage->footer(
        help_footer("  vrrp-xdp check /etc/vrrp-xdp.yaml\n"
                    "  vrrp-xdp check router1.yaml --against router2.yaml\n"
                    "  vrrp-xdp check router1.yaml --against keepalived.conf --json\n"
                    "  vrrp-xdp check --system\n"
                    "  vrrp-xdp check --system eth0 eth1 --json\n"));
    usage
        ->add_flag("--schema", options->schema,
                   "Instead of a file: print the JSON Schema of the configuration, for editors")
        ->excludes(file)
        ->excludes(system);
    usage->require_option(1, 0);
    usage->final_callback([=] {
        if (options->json && system->count() == 0 && against->count() == 0)
            throw CLI::RequiresError("--json", "--system or --against");
    });
    return {usage, [options, system] {
                if (options->schema) return print_schema();
                const Form form = options->json ? Form::Json : Form::Text;
                if (!options->against.empty())
                    return check_pair({options->file, options->against}, options->config_id, form);
                if (system->count() == 0) return check(options->file);
                std::erase(options->interfaces, "");  // what CLI11 gives an option without values
                return check_system(options->interfaces, form);
            }};
}

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
#include "keepalived/import.hpp"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "keepalived/yaml.hpp"
#include "support/result.hpp"
#include "support/unique_fd.hpp"

namespace vrrp_xdp::cli {
namespace {

struct Options {
    std::string file;
    std::string output;     ///< empty: standard output
    std::string config_id;  ///< empty: keepalived's own, the node name up to its first dot
    bool is_strict = false;
};

std::string node_name() {
    utsname names{};
    if (uname(&names) != 0) return {};
    const std::string_view node = names.nodename;
    return std::string(node.substr(0, node.find('.')));
}

Result<void> write_all(int fd, std::string_view text, const std::string& file) {
    while (!text.empty()) {
        const ssize_t length = write(fd, text.data(), text.size());
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) return system_failure(file + " cannot be written");
        text.remove_prefix(static_cast<std::size_t>(length));
    }
    return {};
}

/// A new file, which only its owner can read: it may hold a password. One that is there already is left
/// alone.
Result<void> write_new(const std::string& file, std::string_view text) {
    const UniqueFd fd(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd && errno == EEXIST)
        return failure(file + " exists already", "move it out of the way, or give -o another name");
    if (!fd) return system_failure(file + " cannot be made");
    return write_all(fd.get(), text, file);
}

void tell(const std::vector<keepalived::Remark>& remarks) {
    for (const keepalived::Remark& remark : remarks) std::cerr << remark.to_string() << '\n';
}

ExitCode refuse(const Options& options) {
    std::cerr << options.file << " cannot be carried over; nothing was written\n";
    return ExitCode::BadConfiguration;
}

/// Whether the pair that this router is one of would not agree.
bool has_disagreement(const keepalived::Import& imported) {
    return !imported.remarks.empty() &&
           imported.remarks.front().consequence == keepalived::Consequence::Disagreement;
}

ExitCode import_keepalived(const Options& options) {
    const std::string config_id = options.config_id.empty() ? node_name() : options.config_id;
    const auto imported =
        keepalived::import_file(options.file, config_id, keepalived::DiskFiles(), keepalived::ThisHost());
    if (!imported) {
        tell(imported.error());
        return refuse(options);
    }
    for (const std::string& line : keepalived::lines_of(imported->remarks)) std::cerr << line << '\n';
    if (options.is_strict && has_disagreement(*imported)) return refuse(options);

    const std::string yaml = keepalived::to_yaml(*imported, "Made by vrrp-xdp import from " + options.file);
    const auto written = options.output.empty() ? write_all(STDOUT_FILENO, yaml, "standard output")
                                                : write_new(options.output, yaml);
    if (!written) {
        report(written.error());
        return ExitCode::Failed;
    }
    std::cerr << keepalived::summary_of(*imported) << '\n';
    return imported->left_out.empty() ? ExitCode::Done : ExitCode::LeftOut;
}

}  // namespace

Command add_import(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand("import", "Make a configuration out of a keepalived.conf");
    const auto options = std::make_shared<Options>();
    usage->add_option("FILE", options->file, "The configuration file of keepalived; -: standard input")
        ->required();
    usage->add_option("-o,--output", options->output,
                      "The file to make (YAML), which must not exist yet; default: standard output");
    usage->add_option(
        "-i,--config-id", options->config_id,
        "The router that lines with an @ are for, as keepalived's -i; default: the host's name");
    usage->add_flag("--strict", options->is_strict,
                    "Write nothing where this router and a keepalived of the same file would disagree");
    usage->footer(help_footer(
        "  vrrp-xdp import /etc/keepalived/keepalived.conf -o /etc/vrrp-xdp.yaml\n"
        "  vrrp-xdp import --config-id router1 keepalived.conf | less\n"
        "\n"
        "What is not carried over, or not quite the same, is said on standard error and in comments\n"
        "at the top of the file, the worst first, with the line of the keepalived.conf and what to\n"
        "do instead. The last line says how many of its instances there are.\n"));
    return {usage, [options] { return import_keepalived(*options); }};
}

}  // namespace vrrp_xdp::cli

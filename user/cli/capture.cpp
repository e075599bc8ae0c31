// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "capture/connection.hpp"
#include "capture/output.hpp"
#include "capture/patience.hpp"
#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "control/control_socket.hpp"

namespace vrrp_xdp::cli {
namespace {

using capture::Connection;

struct Options {
    std::vector<std::string> interfaces;
    std::string file = "-";
    capture::Filter filter;
};

// No handler can be told more than a signal's number.
volatile std::sig_atomic_t is_ended = 0;

/// Without SA_RESTART, so that a reader that takes nothing more keeps nobody from ending this.
void end_on_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { is_ended = 1; };
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

/// From one look for instances that have come to the next; and far less than the patience with a reader.
constexpr std::chrono::milliseconds kLookInterval(250);
/// It may have taken the instance a while to find out that it cannot.
constexpr std::chrono::seconds kPauseAfterRefusal(5);

/// One run of the command, from all instances that serve what is asked for.
class Capture {
  public:
    Capture(Options options, UniqueFd file)
        : options_(std::move(options)),
          output_(std::move(file), "vrrp-xdp " VRRP_XDP_VERSION, options_.filter.snap_length,
                  {.written = [this] { stay(); }, .is_wanted = [] { return is_ended == 0; }}) {}

    ExitCode run() {
        if (const auto refused = begin()) return *refused;
        // Whoever waits for frames has the header at once.
        output_.flush();
        while (is_ended == 0 && output_.is_open()) {
            wait();
            stay();
            connect_to_missing();
        }
        return finish();
    }

  private:
    /// Why it cannot be, if so.
    std::optional<ExitCode> begin() {
        for (const std::string& name : wanted()) {
            if (is_served(name)) continue;
            const auto opened = open(name);
            if (!opened) tell_once(opened.error());
            // Of all that there are, one may wait for its interface.
            if (options_.interfaces.empty()) continue;
            if (!opened) return ExitCode::Failed;
            if (!*opened) {
                report({"no instance is running on " + name, "'vrrp-xdp status' shows what runs"});
                return ExitCode::NotRunning;
            }
        }
        if (!connections_.empty()) return std::nullopt;
        if (!told_.empty()) return ExitCode::Failed;
        report({"no instance is running in this network namespace", ""});
        return ExitCode::NotRunning;
    }

    std::vector<std::string> wanted() const {
        return options_.interfaces.empty() ? control::interfaces_with_socket() : options_.interfaces;
    }

    bool is_served(const std::string& name) const {
        return std::any_of(connections_.begin(), connections_.end(), [&](const auto& connection) {
            const auto& all = connection->interfaces();
            return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
        });
    }

    /// Whether there is an instance that captures there.
    Result<bool> open(const std::string& name) {
        auto opened = Connection::open(
            name, options_.filter, [this](std::span<const std::uint8_t> reported) { return take(reported); });
        if (!opened) return tl::unexpected(opened.error());
        if (!*opened) return false;
        for (const Connection::Interface& each : (*opened)->interfaces())
            if (is_wanted(each.name)) output_.add_interface(each.name);
        std::cerr << "vrrp-xdp: capturing on " << (*opened)->port() << '\n';
        connections_.push_back(std::move(*opened));
        return true;
    }

    /// What has ended, say by a restart, may come again; and new instances may come.
    void connect_to_missing() {
        const auto now = std::chrono::steady_clock::now();
        if (now - looked_ < kLookInterval) return;
        looked_ = now;
        for (const std::string& name : wanted()) {
            if (is_served(name)) continue;
            const auto opened = open(name);
            if (opened) continue;
            tell_once(opened.error());
            looked_ = now + kPauseAfterRefusal;
        }
    }

    void tell_once(const Error& error) {
        if (told_.insert(error.what).second) report(error);
    }

    void wait() {
        std::vector<pollfd> ready;
        for (const auto& each : connections_) {
            ready.push_back({each->frames_fd(), POLLIN, 0});
            ready.push_back({each->end_fd(), POLLIN, 0});
        }
        if (poll(ready.data(), ready.size(), static_cast<int>(kLookInterval.count())) < 0) return;
        std::vector<std::unique_ptr<Connection>> left;
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            current_ = connections_[i].get();
            current_->drain();
            if (ready[2 * i + 1].revents == 0) {
                left.push_back(std::move(connections_[i]));
                continue;
            }
            note_left_out(*current_);
            std::cerr << "vrrp-xdp: " << current_->port()
                      << ": its instance has ended, or nobody has read for "
                      << capture::kReaderPatience.count() << " s; waiting for another capture\n";
        }
        connections_ = std::move(left);
        output_.flush();
    }

    /// Whoever asked for eth0.20 wants no frame of eth0.
    bool take(std::span<const std::uint8_t> reported) {
        const auto record = capture::read_record(reported);
        if (!record) return true;
        for (const Connection::Interface& each : current_->interfaces())
            if (each.vlan.tag[0] == record->vlan.tag[0] && each.vlan.tag[1] == record->vlan.tag[1] &&
                is_wanted(each.name))
                output_.add(each.name, *record);
        return is_ended == 0 && output_.is_open();
    }

    bool is_wanted(const std::string& name) const {
        const auto& names = options_.interfaces;
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    }

    /// Adds what was left out at a port to the first of its interfaces.
    void note_left_out(const Connection& connection) {
        for (const Connection::Interface& each : connection.interfaces())
            if (is_wanted(each.name))
                return output_.add_left_out(each.name, connection.lost(), connection.limited());
    }

    /// A sign of life to each.
    void stay() const {
        for (const auto& each : connections_)
            if (each) each->stay();
    }

    ExitCode finish() {
        for (const auto& each : connections_) {
            current_ = each.get();
            note_left_out(*each);
        }
        output_.add_statistics();
        output_.flush();
        const auto counts = output_.counts();
        std::cerr << counts.written << " frames captured, " << counts.limited << " left out by --rate, "
                  << counts.lost << " lost because the reader was too slow\n";
        if (output_.error() == 0) return ExitCode::Done;
        report({"writing what was captured: " + std::system_category().message(output_.error()), ""});
        return ExitCode::Failed;
    }

    Options options_;
    capture::Output output_;
    std::vector<std::unique_ptr<Connection>> connections_;
    const Connection* current_ = nullptr;  ///< whose frames are taken
    std::set<std::string> told_;           ///< errors
    std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
};

ExitCode start(const Options& options) {
    if (const auto asked = capture::compile(options.filter); !asked) {
        report(asked.error());
        return ExitCode::WrongUsage;
    }
    if (options.file == "-" && isatty(STDOUT_FILENO) == 1) {
        report({"a capture is not for a terminal",
                "add '| tcpdump -nr -' or '| wireshark -k -i -', or write a file with '-w FILE'"});
        return ExitCode::WrongUsage;
    }
    UniqueFd file(options.file == "-"
                      ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                      : open(options.file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file) {
        report({"opening " + options.file + ": " + std::system_category().message(errno), ""});
        return ExitCode::Failed;
    }
    end_on_signals();
    return Capture(options, std::move(file)).run();
}

template <std::size_t N>
std::vector<std::string> words(const std::array<std::string_view, N>& names) {
    return {names.begin(), names.end()};
}

}  // namespace

Command add_capture(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "capture",
        "Capture, as pcapng, the frames that the BPF programs consume, answer, drop or let pass on behalf of "
        "a "
        "Virtual Router, and those that are sent for it, until Ctrl-C. Other tools do not see what XDP "
        "consumes. Each frame has its verdict, the counters that it moved and its VRID as a comment. While "
        "somebody captures, other programs with the same verdicts stand in for the usual ones");
    const auto options = std::make_shared<Options>();
    capture::Filter& filter = options->filter;
    usage
        ->add_option("interfaces", options->interfaces,
                     "Only these interfaces (default: all that are served)")
        ->type_name("IFACE");
    usage->add_option("-w,--write", options->file, "Write to a file in place of standard output")
        ->type_name("FILE");
    usage->add_option("--vrid", filter.vrids, "Only these VRIDs; repeatable")
        ->allow_extra_args(false)
        ->type_name("VRID");
    usage->add_option("--family", filter.families, "Only this address family")
        ->allow_extra_args(false)
        ->check(CLI::IsMember(words(capture::kFamilies)));
    usage->add_option("--kind", filter.kinds, "Only this kind of frames; repeatable")
        ->allow_extra_args(false)
        ->check(CLI::IsMember(words(capture::kKinds)));
    usage->add_option("--verdict", filter.verdicts, "Only what became this; repeatable")
        ->allow_extra_args(false)
        ->check(CLI::IsMember(words(capture::kVerdicts)));
    usage
        ->add_option("--snaplen", filter.snap_length,
                     "Bytes of each frame that are captured, from 64 to 9216 (default: 9216)")
        ->type_name("BYTES");
    usage
        ->add_option(
            "--rate", filter.rate,
            "Frames a second of each kind that are captured at most; the others are counted. 0 is no "
            "limit (default: 20000)")
        ->type_name("FRAMES");
    usage->footer(
        help_footer("  vrrp-xdp capture | tcpdump -nr -\n  vrrp-xdp capture eth0 | wireshark -k -i -\n"
                    "  vrrp-xdp capture --kind advertisement --vrid 10 -w vrid10.pcapng\n"
                    "  vrrp-xdp capture --verdict dropped | tshark -r - -T fields -e frame.comment\n"));
    return {usage, [options] { return start(*options); }};
}

}  // namespace vrrp_xdp::cli

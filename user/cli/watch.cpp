// SPDX-License-Identifier: BSD-2-Clause
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/error_report.hpp"
#include "cli/instances.hpp"
#include "cli/terminal.hpp"
#include "control/event_client.hpp"
#include "status/text.hpp"

namespace vrrp_xdp::cli {
namespace {

using nlohmann::json;
using Lines = std::vector<Terminal::Line>;

/// How often everything is asked for again, beside at every event.
constexpr std::chrono::milliseconds kRefresh(500);
/// One that does not answer must not hold the others for long.
constexpr std::chrono::seconds kPatience(1);
/// Of a burst of events, only the last one is followed by a question.
constexpr std::chrono::milliseconds kBurst(20);
/// So many of the last events are kept for a window that grows.
constexpr std::size_t kMostEvents = 500;
/// However many Virtual Routers there are, these lines are for events.
constexpr std::size_t kLeastEventLines = 4;

Terminal::Line line_of(const std::string& interface, const status::VirtualRouter& router) {
    const status::RunningRouter& running = *router.running;
    std::string_view look;
    if (running.state == protocol::State::Active && !running.leaving) look = Terminal::kGood;
    if (running.state == protocol::State::Initialize) look = Terminal::kBad;
    return {status::watch_line(interface, router), look};
}

/// A line for each Virtual Router that runs here.
Lines table() {
    Lines lines;
    for (const auto& [name, answer] : ask_instances(kPatience)) {
        if (!answer)
            lines.push_back({name + ": " + answer.error().what, Terminal::kBad});
        else if (!*answer)
            lines.push_back({name + ": no instance answers", Terminal::kBad});
        else
            for (const status::VirtualRouter& router : (*answer)->virtual_routers)
                if (router.running) lines.push_back(line_of(name, router));
    }
    return lines;
}

class Watch {
  public:
    Watch()
        : keyboard_(io_, dup(STDIN_FILENO)),
          signals_(io_, SIGINT, SIGTERM, SIGHUP),
          resized_(io_, SIGWINCH),
          refresh_(io_),
          client_(
              io_, [this](const json& event) { take(event); },
              [this](const Error& error) {
                  failed_ = error;
                  io_.stop();
              }) {}

    /// Until q or a signal; what went wrong before, if anything.
    std::optional<Error> run() {
        if (!failed_) {
            wait_for_key();
            wait_for_resize();
            signals_.async_wait([this](const asio::error_code&, int) { io_.stop(); });
            refresh();
            io_.run();
        }
        return failed_;
    }

  private:
    void wait_for_key() {
        keyboard_.async_read_some(asio::buffer(key_), [this](const asio::error_code& error, std::size_t) {
            if (error || key_[0] == 'q' || key_[0] == 'Q') return io_.stop();
            wait_for_key();
        });
    }

    void wait_for_resize() {
        resized_.async_wait([this](const asio::error_code& error, int) {
            if (error) return;
            draw();
            wait_for_resize();
        });
    }

    void refresh() {
        routers_ = table();
        draw();
        refresh_after(kRefresh);
    }

    void refresh_after(std::chrono::milliseconds pause) {
        refresh_.expires_after(pause);
        refresh_.async_wait([this](const asio::error_code& error) {
            if (!error) refresh();
        });
    }

    void take(const json& event) {
        const std::string kind = event["event"];
        if (kind == "unsubscribed")
            events_.push_back(event.value("interface", "") + ": the instance has ended");
        else if (kind != "subscribed")
            events_.push_back(event.value("time", "") + " " + event.value("message", kind));
        if (events_.size() > kMostEvents) events_.pop_front();
        refresh_after(kBurst);
    }

    void draw() const {
        const std::size_t rows = Terminal::size().rows;
        Lines lines{{status::watch_heads(), Terminal::kBold}};
        const std::size_t room = rows - std::min(rows, 3 + kLeastEventLines);
        const std::size_t shown =
            routers_.size() <= room ? routers_.size() : room - std::min<std::size_t>(room, 1);
        lines.insert(lines.end(), routers_.begin(), routers_.begin() + static_cast<std::ptrdiff_t>(shown));
        if (shown < routers_.size())
            lines.push_back({fmt::format("... and {} more", routers_.size() - shown)});
        if (routers_.empty()) lines.push_back({"no instance is running in this network namespace"});
        lines.push_back({});
        lines.push_back({"EVENTS (q quits)", Terminal::kBold});
        const std::size_t left = rows - std::min(rows, lines.size());
        const std::size_t last = std::min(left, events_.size());
        for (auto event = events_.end() - static_cast<std::ptrdiff_t>(last); event != events_.end(); ++event)
            lines.push_back({*event});
        Terminal::draw(lines);
    }

    asio::io_context io_;
    Terminal terminal_;
    asio::posix::stream_descriptor keyboard_;
    std::array<char, 1> key_{};
    asio::signal_set signals_;
    asio::signal_set resized_;
    asio::steady_timer refresh_;
    Lines routers_;
    std::deque<std::string> events_;  ///< the last ones, as lines
    std::optional<Error> failed_;
    control::EventClient client_;
};

ExitCode watch() {
    if (!Terminal::is_there()) {
        report({"watch needs a terminal", "use 'vrrp-xdp status' or 'vrrp-xdp events' instead"});
        return ExitCode::WrongUsage;
    }
    // The terminal is as it was before when it comes to this.
    const auto failed = Watch().run();
    if (!failed) return ExitCode::Done;
    report(*failed);
    return ExitCode::Failed;
}

}  // namespace

Command add_watch(CLI::App& program) {
    CLI::App* const usage = program.add_subcommand(
        "watch",
        "Show all Virtual Routers in this network namespace and their events until q or Ctrl-C. LATE is the "
        "delay of the last takeover: from the end of Active_Down_Timer until its advertisement had left");
    usage->footer(help_footer("  vrrp-xdp watch\n"));
    return {usage, watch};
}

}  // namespace vrrp_xdp::cli

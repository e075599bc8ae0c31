// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/command_tracker.hpp"

#include <asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "process/process.hpp"
#include "support/callback_guard.hpp"
#include "tracking/streak.hpp"

namespace vrrp_xdp::tracking {
namespace {

class CommandTracker : public Tracker {
  public:
    CommandTracker(asio::io_context& io, process::Program program, const config::WatchedCommand& watched,
                   Report report)
        : io_(io),
          next_(io),
          program_(std::move(program)),
          interval_(std::chrono::duration_cast<asio::steady_timer::duration>(watched.interval)),
          streak_(watched.rise, watched.fall),
          report_(std::move(report)) {
        next_.expires_after({});
        wait();
    }

  private:
    void wait() {
        next_.async_wait(life_.guard([this](const asio::error_code& error) {
            if (!error) run();
        }));
    }

    void run() {
        next_.expires_after(interval_);
        auto started = process::Process::start(io_, program_, [this](const process::End& end) {
            process_.reset();
            note(end.is_success(), "it " + end.to_string());
        });
        if (started)
            process_ = std::move(*started);
        else
            note(false, started.error().what);
    }

    void note(bool success, std::string detail) {
        wait();
        report_({.up = streak_.add(success), .detail = std::move(detail)});
    }

    asio::io_context& io_;
    asio::steady_timer next_;
    process::Program program_;
    asio::steady_timer::duration interval_;
    Streak streak_;
    Report report_;
    std::unique_ptr<process::Process> process_;
    CallbackGuard life_;
};

}  // namespace

Result<std::unique_ptr<Tracker>> watch_command(asio::io_context& io, const config::WatchedCommand& watched,
                                               Report report) {
    auto account = process::Account::find(watched.command.user);
    if (!account) return tl::unexpected(account.error());
    process::Program program{.arguments = watched.command.arguments,
                             .account = std::move(*account),
                             .timeout = watched.command.timeout};
    return std::make_unique<CommandTracker>(io, std::move(program), watched, std::move(report));
}

}  // namespace vrrp_xdp::tracking

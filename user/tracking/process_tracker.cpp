// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/process_tracker.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "support/callback_guard.hpp"
#include "support/unique_fd.hpp"

// glibc before 2.37 forgets to say that these are C.
extern "C" {
#include <sys/pidfd.h>
}

namespace vrrp_xdp::tracking {
namespace {

namespace fs = std::filesystem;
using asio::posix::stream_descriptor;

/// Whether a process of this name runs under this number. One that has ended and still waits for its parent
/// does not run.
bool runs_as(pid_t pid, const std::string& name) {
    // "PID (NAME) STATE ...", and the name may have parentheses in it.
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return false;
    const std::size_t begin = line.find('(');
    const std::size_t end = line.rfind(')');
    if (begin == std::string::npos || end == std::string::npos || end + 2 >= line.size()) return false;
    const char state = line[end + 2];
    return line.compare(begin + 1, end - begin - 1, name) == 0 && state != 'Z' && state != 'X';
}

/// A process that runs, by number and by the descriptor that reports its end.
struct Running {
    pid_t pid;
    UniqueFd pidfd;
};

std::optional<Running> find_process(const std::string& name) {
    std::error_code error;
    for (fs::directory_iterator each("/proc", error), end; !error && each != end; each.increment(error)) {
        const std::string entry = each->path().filename();
        pid_t pid = 0;
        const auto [stop, parsed] = std::from_chars(entry.data(), entry.data() + entry.size(), pid);
        if (parsed != std::errc() || stop != entry.data() + entry.size() || !runs_as(pid, name)) continue;
        UniqueFd pidfd(pidfd_open(pid, 0));
        // It may have ended, and another taken its number, before it was held.
        if (pidfd && runs_as(pid, name)) return Running{pid, std::move(pidfd)};
    }
    return std::nullopt;
}

class ProcessTracker : public Tracker {
  public:
    ProcessTracker(asio::io_context& io, const config::WatchedProcess& watched, Report report)
        : next_(io),
          end_(io),
          interval_(std::chrono::duration_cast<asio::steady_timer::duration>(watched.interval)),
          name_(watched.name),
          report_(std::move(report)) {
        look();
    }

  private:
    /// Finding one is work, so the one that was found is held until it ends or takes another name.
    void look() {
        if (pid_ && !runs_as(*pid_, name_)) {
            pid_.reset();
            end_.close();
        }
        if (!pid_) hold(find_process(name_));
        next_.expires_after(interval_);
        next_.async_wait(life_.guard([this](const asio::error_code& error) {
            if (!error) look();
        }));
        if (pid_)
            report_({.up = true, .detail = name_ + " runs as process " + std::to_string(*pid_)});
        else
            report_({.up = false, .detail = "no process " + name_ + " runs"});
    }

    void hold(std::optional<Running> found) {
        if (!found) return;
        pid_ = found->pid;
        end_.assign(found->pidfd.release());
        end_.async_wait(stream_descriptor::wait_read, life_.guard([this](const asio::error_code& error) {
            if (!error) look();
        }));
    }

    asio::steady_timer next_;
    stream_descriptor end_;
    asio::steady_timer::duration interval_;
    std::string name_;
    Report report_;
    std::optional<pid_t> pid_;
    CallbackGuard life_;
};

}  // namespace

std::unique_ptr<Tracker> watch_process(asio::io_context& io, const config::WatchedProcess& watched,
                                       Report report) {
    return std::make_unique<ProcessTracker>(io, watched, std::move(report));
}

}  // namespace vrrp_xdp::tracking

// SPDX-License-Identifier: BSD-2-Clause
// Programs that others wrote, run for the ordinary thread: never through a shell, each in a process group of
// its own, and killed when it takes too long.
#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "process/account.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::process {

/// Where what a program prints goes.
enum class Output {
    Discarded,
    Ours,  ///< to where this program logs
};

/// What becomes of a program when this one ends before it.
enum class AtOurEnd {
    Killed,
    MayGoOn,  ///< if it is released; whatever becomes of us, it is killed when it takes too long
};

struct Program {
    std::vector<std::string> arguments;      ///< at least one; the first is a path
    Account account;                         ///< needs CAP_SETUID and CAP_SETGID if it is not our own
    std::vector<std::string> environment{};  ///< NAME=value, beside PATH, HOME, USER and LOGNAME
    std::chrono::nanoseconds timeout{};
    Output output = Output::Discarded;
    AtOurEnd at_our_end = AtOurEnd::Killed;
};

/// How a program has ended.
struct End {
    enum class How { Exited, Signalled, TimedOut };
    How how;
    int number;  ///< the exit code, or the signal

    bool is_success() const { return how == How::Exited && number == 0; }
    /// Returns a text such as "exited with code 1".
    std::string to_string() const;
};

/// A program that runs. Destroyed before its end, it is killed with all of its group, and nobody is told.
class Process {
  public:
    using Ended = std::function<void(const End&)>;

    /// Starts a program. ended: called once, from io, and may destroy the Process.
    static Result<std::unique_ptr<Process>> start(asio::io_context& io, const Program& program, Ended ended);

    /// Lets a program that may go on do so: its end is not reported.
    void release();

    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();

  private:
    class Run;
    explicit Process(std::shared_ptr<Run> run);
    std::shared_ptr<Run> run_;
};

}  // namespace vrrp_xdp::process

// SPDX-License-Identifier: BSD-2-Clause
#include "process/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

#include "process/spawn_options.hpp"
#include "support/unique_fd.hpp"

// glibc before 2.37 forgets to say that these are C.
extern "C" {
#include <sys/pidfd.h>
}

namespace vrrp_xdp::process {
namespace {

// Becomes another user and then the program. A child of ours could do so itself only after a fork, which
// makes the real-time thread pay for copies of its pages; posix_spawn shares them until the exec.
constexpr const char* kSetpriv = "/usr/bin/setpriv";
// Likewise gives back the out-of-memory killer's leniency, before it becomes another user, who could not.
constexpr const char* kChoom = "/usr/bin/choom";
// Keeps the time where we may no longer be there to do so, and a second later than we would.
constexpr const char* kTimeout = "/usr/bin/timeout";
constexpr std::chrono::milliseconds kTimeoutMargin(1000);
constexpr const char* kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

struct ProgramOptions : SpawnOptions {
    explicit ProgramOptions(Output output) {
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (output == Output::Discarded)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
        sigset_t all;
        sigfillset(&all);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawnattr_setflags(&attributes,
                                 POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    }
};

/// Of this process, from /proc/self: a number in a file of its own.
int own_oom_score_adjustment() {
    int adjustment = 0;
    std::ifstream("/proc/self/oom_score_adj") >> adjustment;
    return adjustment;
}

/// Whether a program that we start would keep capabilities of ours that its user does not have.
bool passes_capabilities_on() {
    std::ifstream status("/proc/self/status");
    for (std::string name, value; status >> name; std::getline(status, value))
        if ((name == "CapInh:" || name == "CapAmb:") && status >> value &&
            value.find_first_not_of('0') != std::string::npos)
            return true;
    return false;
}

/// What the service manager gave to this program is not for those that it starts: not the out-of-memory
/// killer's leniency (OOMScoreAdjust=), and no capability (AmbientCapabilities=).
std::vector<std::string> arguments_of(const Program& program) {
    std::vector<std::string> arguments;
    if (program.at_our_end == AtOurEnd::MayGoOn) {
        const auto limit = std::chrono::ceil<std::chrono::milliseconds>(program.timeout) + kTimeoutMargin;
        arguments = {kTimeout, "--signal=KILL", std::to_string(static_cast<double>(limit.count()) / 1000)};
    }
    if (own_oom_score_adjustment() < 0) arguments.insert(arguments.end(), {kChoom, "-n", "0", "--"});
    const bool is_another = program.account.uid != geteuid() || program.account.gid != getegid();
    if (is_another || passes_capabilities_on()) {
        arguments.emplace_back(kSetpriv);
        if (is_another)
            arguments.insert(arguments.end(),
                             {"--reuid=" + std::to_string(program.account.uid),
                              "--regid=" + std::to_string(program.account.gid), "--init-groups"});
        arguments.insert(arguments.end(), {"--inh-caps=-all", "--ambient-caps=-all", "--"});
    }
    arguments.insert(arguments.end(), program.arguments.begin(), program.arguments.end());
    return arguments;
}

std::vector<std::string> environment_of(const Program& program) {
    const char* path = std::getenv("PATH");
    std::vector<std::string> environment = program.environment;
    environment.push_back(std::string("PATH=") + (path != nullptr ? path : kUsualPath));
    environment.push_back("HOME=" + program.account.home);
    environment.push_back("USER=" + program.account.name);
    environment.push_back("LOGNAME=" + program.account.name);
    return environment;
}

/// As exec takes them.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

Result<pid_t> spawn(const Program& program) {
    const ProgramOptions options(program.output);
    std::vector<std::string> arguments = arguments_of(program);
    std::vector<std::string> environment = environment_of(program);
    pid_t child = 0;
    if (const int error =
            posix_spawn(&child, arguments.front().c_str(), &options.actions, &options.attributes,
                        pointers_to(arguments).data(), pointers_to(environment).data());
        error != 0)
        return system_failure("running " + arguments.front(), error);
    return child;
}

}  // namespace

std::string End::to_string() const {
    switch (how) {
        case How::Exited:
            return "exited with code " + std::to_string(number);
        case How::Signalled:
            return "was killed by signal " + std::to_string(number) + " (" + strsignal(number) + ")";
        case How::TimedOut:
            return "timed out and was killed";
    }
    return "ended";
}

/// Lives on without its Process until the child is gone, which may take a while even after SIGKILL.
class Process::Run : public std::enable_shared_from_this<Run> {
  public:
    Run(asio::io_context& io, pid_t child, int pidfd, Ended ended)
        : child_(child), pidfd_(io, pidfd), timer_(io), ended_(std::move(ended)) {}

    void begin(std::chrono::nanoseconds timeout) {
        pidfd_.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](const asio::error_code& error) {
                              if (!error) self->reap();
                          });
        timer_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(timeout));
        timer_.async_wait([self = shared_from_this()](const asio::error_code& error) {
            if (error || self->is_reaped_ || self->is_released_) return;
            self->timed_out_ = true;
            self->kill_group();
        });
    }

    /// Its end, which comes at once, stops the timer.
    void abandon() noexcept {
        ended_ = nullptr;
        if (!is_reaped_ && !is_released_) kill_group();
    }

    /// It goes on, and nobody of ours looks after it.
    void release() noexcept {
        ended_ = nullptr;
        timer_.cancel();
        is_released_ = true;
    }

  private:
    /// Until it is reaped, the number of the group cannot be another's.
    void kill_group() const { kill(-child_, SIGKILL); }

    void reap() {
        siginfo_t end{};
        waitid(P_PIDFD, static_cast<id_t>(pidfd_.native_handle()), &end, WEXITED);
        is_reaped_ = true;
        timer_.cancel();
        if (!ended_) return;
        const auto natural = end.si_code == CLD_EXITED ? End::How::Exited : End::How::Signalled;
        std::exchange(ended_, nullptr)({timed_out_ ? End::How::TimedOut : natural, end.si_status});
    }

    pid_t child_;
    asio::posix::stream_descriptor pidfd_;
    asio::steady_timer timer_;
    Ended ended_;
    bool timed_out_ = false;
    bool is_reaped_ = false;
    bool is_released_ = false;
};

Result<std::unique_ptr<Process>> Process::start(asio::io_context& io, const Program& program, Ended ended) {
    const auto child = spawn(program);
    if (!child) return tl::unexpected(child.error());
    // Nobody else waits for children here, so the process id is still its own.
    const int pidfd = pidfd_open(*child, 0);
    if (pidfd < 0) {
        const int error = errno;
        kill(-*child, SIGKILL);
        waitpid(*child, nullptr, 0);
        return system_failure("watching " + program.arguments.front(), error);
    }
    auto run = std::make_shared<Run>(io, *child, pidfd, std::move(ended));
    run->begin(program.timeout);
    return std::unique_ptr<Process>(new Process(std::move(run)));
}

Process::Process(std::shared_ptr<Run> run) : run_(std::move(run)) {}
void Process::release() { run_->release(); }
Process::~Process() { run_->abandon(); }

}  // namespace vrrp_xdp::process

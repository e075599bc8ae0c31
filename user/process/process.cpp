// SPDX-License-Identifier: BSD-2-Clause
#include "process/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

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
constexpr const char* kUsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

class SpawnOptions {
  public:
    explicit SpawnOptions(Output output) {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
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
    SpawnOptions(const SpawnOptions&) = delete;
    SpawnOptions& operator=(const SpawnOptions&) = delete;
    ~SpawnOptions() {
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

std::vector<std::string> arguments_of(const Program& program) {
    std::vector<std::string> arguments;
    if (program.account.uid != geteuid() || program.account.gid != getegid())
        arguments = {kSetpriv, "--reuid=" + std::to_string(program.account.uid),
                     "--regid=" + std::to_string(program.account.gid), "--init-groups", "--"};
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
    const SpawnOptions options(program.output);
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
            return "ended with exit code " + std::to_string(number);
        case How::Signalled:
            return "was ended by signal " + std::to_string(number) + " (" + strsignal(number) + ")";
        case How::TimedOut:
            return "took too long and was killed";
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
            if (error || self->is_reaped_) return;
            self->timed_out_ = true;
            self->kill_group();
        });
    }

    /// Its end, which comes at once, stops the timer.
    void abandon() noexcept {
        ended_ = nullptr;
        if (!is_reaped_) kill_group();
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
Process::~Process() { run_->abandon(); }

}  // namespace vrrp_xdp::process

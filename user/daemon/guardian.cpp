// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/guardian.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

#include "process/spawn_options.hpp"

// glibc before 2.37 forgets to say that these are C.
extern "C" {
#include <sys/pidfd.h>
}

namespace vrrp_xdp::daemon {
namespace {

constexpr const char* kName = "vrrp-xdp-guardian";

/// Returns where the guardian is: where it is installed, or beside this program, as in a build tree.
Result<std::filesystem::path> find_program() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) return failure("finding this program: " + error.message(), "mount /proc");
    const auto directory = self.parent_path();
    const auto installed = (directory / VRRP_XDP_GUARDIAN_DIRECTORY / kName).lexically_normal();
    for (const auto& path : {directory / kName, installed})
        if (access(path.c_str(), X_OK) == 0) return path;
    return failure(
        std::string(kName) + " is neither in " + directory.string() + " nor at " + installed.string(),
        "build or install all of vrrp-xdp: without its guardian, a killed instance stays Active until its "
        "leases expire");
}

/// How to start it: with these descriptors and deaf to signals, for it lives as long as its controller.
struct GuardianOptions : process::SpawnOptions {
    explicit GuardianOptions(const std::vector<int>& descriptors) {
        // Onto itself means: kept open.
        for (const int fd : descriptors) posix_spawn_file_actions_adddup2(&actions, fd, fd);
        sigset_t all;
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    }
};

std::string describe(const siginfo_t& end) {
    const std::string with = std::to_string(end.si_status);
    return end.si_code == CLD_EXITED ? "exited with code " + with : "was killed by signal " + with;
}

}  // namespace

Result<std::unique_ptr<Guardian>> Guardian::start(asio::io_context& io,
                                                  const engine::FencingPlan& fencing_plan, Died died) {
    const auto program = find_program();
    if (!program) return tl::unexpected(program.error());
    const UniqueFd self(pidfd_open(getpid(), 0));
    if (!self) return system_failure("opening the own process for the guardian");

    std::vector<int> descriptors = fencing_plan.descriptors();
    descriptors.push_back(self.get());
    const GuardianOptions options(descriptors);
    std::string name = kName;
    std::string first = std::to_string(fencing_plan.fd());
    std::string second = std::to_string(self.get());
    const std::array<char*, 4> arguments{name.data(), first.data(), second.data(), nullptr};
    const std::array<char*, 1> environment{nullptr};
    pid_t child = 0;
    if (const int error = posix_spawn(&child, program->c_str(), &options.actions, &options.attributes,
                                      arguments.data(), environment.data());
        error != 0)
        return system_failure("starting " + program->string(), error);
    // Nobody else waits for children here, so the process id is still its own.
    const int pidfd = pidfd_open(child, 0);
    if (pidfd < 0) {
        const int error = errno;
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        return system_failure("watching the guardian", error);
    }
    return std::unique_ptr<Guardian>(new Guardian(io, pidfd, std::move(died)));
}

Guardian::Guardian(asio::io_context& io, int pidfd, Died died) : process_(io, pidfd), died_(std::move(died)) {
    wait_for_death();
}

Guardian::~Guardian() {
    const int process = process_.native_handle();
    pidfd_send_signal(process, SIGKILL, nullptr, 0);
    asio::error_code error;
    process_.wait(asio::posix::stream_descriptor::wait_read, error);
    siginfo_t end{};
    waitid(P_PIDFD, static_cast<id_t>(process), &end, WEXITED);
}

void Guardian::wait_for_death() {
    process_.async_wait(
        asio::posix::stream_descriptor::wait_read, life_.guard([this](const asio::error_code& error) {
            if (error) return;
            siginfo_t end{};
            waitid(P_PIDFD, static_cast<id_t>(process_.native_handle()), &end, WEXITED | WNOWAIT);
            died_(describe(end));
        }));
}

}  // namespace vrrp_xdp::daemon

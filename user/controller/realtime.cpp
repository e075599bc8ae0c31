// SPDX-License-Identifier: BSD-2-Clause
#include "controller/realtime.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace vrrp_xdp::controller {
namespace {

// Above ordinary real-time work, below the kernel's own watchdog and migration threads.
constexpr int kPriority = 50;

std::string reason(int error) { return std::system_category().message(error); }

}  // namespace

std::string lock_memory() {
    if (mlockall(MCL_CURRENT | MCL_FUTURE) == 0) return {};
    return "memory is not locked (" + reason(errno) +
           "): a takeover may wait for the disk. Run as root or with CAP_IPC_LOCK";
}

std::string schedule_realtime() {
    sched_param parameters{};
    parameters.sched_priority = kPriority;
    const int error = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
    if (error == 0) return {};
    return "no real-time scheduling (" + reason(error) +
           "): takeovers may be late while the CPU is busy. Run as root or with CAP_SYS_NICE";
}

}  // namespace vrrp_xdp::controller

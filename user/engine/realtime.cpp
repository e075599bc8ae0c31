// SPDX-License-Identifier: BSD-2-Clause
#include "engine/realtime.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include <cerrno>

namespace vrrp_xdp::engine {
namespace {

// Above ordinary real-time work, below the kernel's own watchdog and migration threads.
constexpr int kPriority = 50;

}  // namespace

int lock_memory() { return mlockall(MCL_CURRENT | MCL_FUTURE) == 0 ? 0 : errno; }

int schedule_realtime() {
    sched_param parameters{};
    parameters.sched_priority = kPriority;
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

}  // namespace vrrp_xdp::engine

// SPDX-License-Identifier: BSD-2-Clause
// vrrp-xdp-guardian: waits for the death of its controller, or for its silence, and then gives up in its
// place what the controller was Active for. It sends a farewell (priority 0), so that another router takes
// over after Skew_Time and not after Active_Down_Interval; until that one is heard the data plane goes on,
// and its first word ends the lease. Started by `vrrp-xdp attach` with everything inherited.
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "guardian/fencer.hpp"

namespace vrrp_xdp::guardian {
namespace {

// One above the controller's, so that not even a thread that spins there is in the way.
constexpr int kPriority = 51;

// Silence is believed at the second look: where the whole machine stood still, the controller gets to move
// first.
constexpr Nanoseconds kGrace = 20'000'000;

constexpr Nanoseconds kForever = ~Nanoseconds{0};
constexpr Nanoseconds kRest = 3 * kHeartbeatNs;  ///< between two looks while nothing is at stake
constexpr Nanoseconds kSoon = 1'000'000;         ///< while the kernel is to be told once a successor is heard

/// Never waits: who reads the log may have died with the controller.
void say(const char* what, std::uint64_t controller, const Outcome& outcome) {
    char line[160];
    const int length =
        std::snprintf(line, sizeof(line),
                      "vrrp-xdp-guardian: vrrp-xdp (pid %llu) %s: revoked %u leases, sent %u farewells\n",
                      static_cast<unsigned long long>(controller), what, outcome.leases, outcome.farewells);
    pollfd standard_error{STDERR_FILENO, POLLOUT, 0};
    if (length <= 0 || poll(&standard_error, 1, 0) != 1) return;
    const ssize_t written = write(STDERR_FILENO, line, static_cast<std::size_t>(length));
    static_cast<void>(written);  // whether anybody heard changes nothing
}

/// Whether the controller died within that time.
bool dies_within(int controller, Nanoseconds time) {
    pollfd death{controller, POLLIN, 0};
    const timespec limit{static_cast<time_t>(time / 1'000'000'000), static_cast<long>(time % 1'000'000'000)};
    return ppoll(&death, 1, &limit, nullptr) == 1;
}

void watch(Fencer& fencer, int controller) {
    Nanoseconds suspected = 0;  // the heartbeat that was too old at the last look
    for (Nanoseconds rest = 0;
         !dies_within(controller, fencer.has_orders() ? std::min(rest, kSoon) : rest);) {
        fencer.carry_out_orders();
        const auto patience = fencer.patience();
        const Nanoseconds heartbeat = fencer.heartbeat();
        const auto silence = fencer.silence();
        rest = kRest;
        if (!patience || !silence) continue;
        if (*silence < *patience) {
            rest = *patience - *silence;
        } else if (heartbeat != suspected) {
            suspected = heartbeat;
            rest = kGrace;
        } else if (const Outcome outcome = fencer.give_up(*silence); outcome.leases > 0) {
            say("hangs", fencer.controller(), outcome);
        }
    }
    if (const Outcome outcome = fencer.give_up(kForever); outcome.leases > 0)
        say("has died", fencer.controller(), outcome);
    for (; fencer.has_orders(); fencer.carry_out_orders()) {
        const timespec soon{0, static_cast<long>(kSoon)};
        nanosleep(&soon, nullptr);
    }
}

int run(int fencing_plan, int controller) {
    auto fencer = Fencer::make(fencing_plan);
    if (!fencer) {
        std::fprintf(stderr, "vrrp-xdp-guardian: %s\n", std::strerror(errno));
        return EXIT_FAILURE;
    }
    // Best effort, as it is for the controller, which reports it.
    static_cast<void>(mlockall(MCL_CURRENT | MCL_FUTURE));
    sched_param parameters{};
    parameters.sched_priority = kPriority;
    static_cast<void>(sched_setscheduler(0, SCHED_FIFO, &parameters));

    watch(*fencer, controller);
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace vrrp_xdp::guardian

int main(int count, char** arguments) {
    if (count != 3) {
        std::fputs("vrrp-xdp-guardian is started by `vrrp-xdp attach` and cannot be used without it\n",
                   stderr);
        return 2;
    }
    return vrrp_xdp::guardian::run(std::atoi(arguments[1]), std::atoi(arguments[2]));
}

// SPDX-License-Identifier: BSD-2-Clause
#include "daemon/guardian_supervisor.hpp"

#include <spdlog/spdlog.h>

namespace vrrp_xdp::daemon {
namespace {

/// From one start of a guardian to the next, should it end by itself.
constexpr std::chrono::seconds kPause(1);

}  // namespace

Result<void> GuardianSupervisor::start() {
    started_ = std::chrono::steady_clock::now();
    auto started = Guardian::start(io_, *plan_, [this](const std::string& how) {
        spdlog::warn("the guardian {}; starting a new one", how);
        restart();
    });
    if (!started) return tl::unexpected(started.error());
    guardian_ = std::move(*started);
    return {};
}

void GuardianSupervisor::start_or_retry() {
    if (const auto started = start(); !started) restart();
}

void GuardianSupervisor::stop() {
    timer_.cancel();
    guardian_.reset();
}

/// At once, but not more than once a second.
void GuardianSupervisor::restart() {
    timer_.expires_at(started_ + kPause);
    timer_.async_wait([this](const asio::error_code& error) {
        if (error) return;
        if (const auto started = start(); !started) {
            spdlog::warn("{}; retrying", started.error().what);
            restart();
        }
    });
}

}  // namespace vrrp_xdp::daemon

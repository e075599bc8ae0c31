// SPDX-License-Identifier: BSD-2-Clause
#include "reporting/service_manager.hpp"

#include <cstdint>
#include <cstdlib>

#ifdef VRRP_XDP_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace vrrp_xdp::reporting {
namespace {

constexpr std::chrono::milliseconds kUnwatched(500);

#ifdef VRRP_XDP_SYSTEMD
constexpr int kKeepEnvironment = 0;
// sd_watchdog_enabled(3) recommends half of the time; a third forgives one that comes late.
constexpr std::uint64_t kShare = 3;

bool is_listening() { return std::getenv("NOTIFY_SOCKET") != nullptr; }

std::chrono::microseconds find_interval() {
    std::uint64_t patience_us = 0;
    if (sd_watchdog_enabled(kKeepEnvironment, &patience_us) <= 0) return kUnwatched;
    return std::chrono::microseconds(patience_us / kShare);
}

void send(const std::string& message) { sd_notify(kKeepEnvironment, message.c_str()); }
#else
// Built without libsystemd: the protocol of NOTIFY_SOCKET is not spoken, whoever listens.
bool is_listening() { return false; }
std::chrono::microseconds find_interval() { return kUnwatched; }
void send(const std::string&) {}
#endif

}  // namespace

ServiceManager::ServiceManager() : listens_(is_listening()), interval_(find_interval()) {}

void ServiceManager::is_alive() {
    say(is_ready_ ? "WATCHDOG=1" : "READY=1\nWATCHDOG=1");
    is_ready_ = true;
}

void ServiceManager::is_reloading() const { say("RELOADING=1"); }

void ServiceManager::is_ready() const { say("READY=1"); }

void ServiceManager::is_stopping(std::chrono::microseconds longest) const {
    say("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(longest.count()));
}

void ServiceManager::say(const std::string& message) const {
    if (listens_) send(message);
}

void ServiceManager::describe(const std::string& status) {
    if (status == status_) return;
    status_ = status;
    say("STATUS=" + status);
}

}  // namespace vrrp_xdp::reporting

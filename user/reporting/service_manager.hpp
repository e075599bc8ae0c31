// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace vrrp_xdp::reporting {

/// systemd, or whoever else started this process with a NOTIFY_SOCKET and wants to hear how it is doing;
/// where nobody does, all of this does nothing. For the ordinary thread.
class ServiceManager {
  public:
    ServiceManager();

    /// Returns whether a service manager listens.
    bool listens() const { return listens_; }
    /// Returns how often to call is_alive(): well within what WatchdogSec= allows, or twice a second without
    /// it.
    std::chrono::microseconds interval() const { return interval_; }

    /// Reports that the protocol thread runs. The first call reports that the service has started.
    void is_alive();
    /// Reports a reload, until is_ready().
    void is_reloading() const;
    void is_ready() const;
    /// Reports that the service stops. longest: how long that may take.
    void is_stopping(std::chrono::microseconds longest) const;
    /// Reports a line for `systemctl status`, if it differs from the last one.
    void describe(const std::string& status);

  private:
    void say(const std::string& message) const;

    bool listens_;
    std::chrono::microseconds interval_;
    bool is_ready_ = false;
    std::string status_;
};

}  // namespace vrrp_xdp::reporting

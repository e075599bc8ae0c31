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

    /// Whether anybody listens.
    bool listens() const { return listens_; }
    /// How often is_alive() is due: well within what WatchdogSec= allows, or twice a second where it asks for
    /// nothing.
    std::chrono::microseconds interval() const { return interval_; }

    /// The protocol thread has moved. The first time, the service is started with that.
    void is_alive();
    /// Until is_ready().
    void is_reloading() const;
    void is_ready() const;
    /// longest: how long that may take.
    void is_stopping(std::chrono::microseconds longest) const;
    /// One line, as `systemctl status` shows it. Told only when it is another than before.
    void describe(const std::string& status);

  private:
    void say(const std::string& message) const;

    bool listens_;
    std::chrono::microseconds interval_;
    bool is_ready_ = false;
    std::string status_;
};

}  // namespace vrrp_xdp::reporting

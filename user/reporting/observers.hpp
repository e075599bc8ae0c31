// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/managed_interface.hpp"
#include "engine/messages.hpp"
#include "reporting/metrics_server.hpp"
#include "reporting/service_manager.hpp"
#include "status/model.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::reporting {

/// Who is told unasked, or asks over HTTP, how all of it is doing: the service manager and Prometheus. For
/// the ordinary thread.
class Observers {
  public:
    using Then = std::function<void()>;
    /// Has the snapshots of all interfaces taken, and then calls back.
    using WithSnapshots = std::function<void(Then then)>;
    /// The status of interfaces that are not there.
    using Missing = std::function<std::vector<status::Interface>()>;
    /// Everything about an interface by its place, from the snapshots.
    using WholeStatus = std::function<status::Interface(std::uint32_t place)>;

    /// Constructs the observers. All arguments outlive them.
    Observers(asio::io_context& io, const engine::ManagedInterfaces& interfaces, WithSnapshots with_snapshots,
              Missing missing, WholeStatus whole_status)
        : io_(io),
          interfaces_(interfaces),
          with_snapshots_(std::move(with_snapshots)),
          missing_(std::move(missing)),
          whole_status_(std::move(whole_status)),
          manager_timer_(io) {}

    /// Serves metrics. version: that of the program, which the metrics contain.
    Result<void> serve_metrics(const MetricsEndpoint& endpoint, const std::string& version);

    /// Begins, before the protocol thread runs.
    void begin() {
        if (manager_.listens()) tell_manager();
    }
    void note(const engine::Notice& notice);
    const ServiceManager& manager() const { return manager_; }

  private:
    void tell_manager();

    asio::io_context& io_;
    const engine::ManagedInterfaces& interfaces_;
    WithSnapshots with_snapshots_;
    Missing missing_;
    WholeStatus whole_status_;
    ServiceManager manager_;
    asio::steady_timer manager_timer_;
    std::unique_ptr<MetricsServer> metrics_;  ///< unless nobody is to scrape
};

}  // namespace vrrp_xdp::reporting

// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/interface_tracker.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <string>
#include <utility>

#include "net/interface_monitor.hpp"
#include "support/callback_guard.hpp"

namespace vrrp_xdp::tracking {
namespace {

using asio::posix::stream_descriptor;

class InterfaceTracker : public Tracker {
  public:
    InterfaceTracker(asio::io_context& io, net::InterfaceMonitor monitor, std::string name, Report report)
        : monitor_(std::move(monitor)),
          notices_ready_(io, monitor_.event_fd()),
          name_(std::move(name)),
          report_(std::move(report)) {
        look();
    }
    InterfaceTracker(const InterfaceTracker&) = delete;
    InterfaceTracker& operator=(const InterfaceTracker&) = delete;
    ~InterfaceTracker() override { notices_ready_.release(); }

  private:
    void look() {
        notices_ready_.async_wait(stream_descriptor::wait_read,
                                  life_.guard([this](const asio::error_code& error) {
                                      if (error) return;
                                      monitor_.update();
                                      look();
                                  }));
        report_(find());
    }

    Finding find() const {
        const auto state = monitor_.state_of(name_);
        if (!state) return {.up = false, .detail = "there is no interface " + name_};
        if (!state->running) return {.up = false, .detail = name_ + " is down, or has no carrier"};
        return {.up = true, .detail = name_ + " is up"};
    }

    net::InterfaceMonitor monitor_;
    stream_descriptor notices_ready_;
    std::string name_;
    Report report_;
    CallbackGuard life_;
};

}  // namespace

Result<std::unique_ptr<Tracker>> watch_interface(asio::io_context& io,
                                                 const config::WatchedInterface& watched, Report report) {
    auto monitor = net::InterfaceMonitor::open();
    if (!monitor) return tl::unexpected(monitor.error());
    return std::make_unique<InterfaceTracker>(io, std::move(*monitor), watched.name, std::move(report));
}

}  // namespace vrrp_xdp::tracking

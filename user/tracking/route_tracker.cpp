// SPDX-License-Identifier: BSD-2-Clause
#include "tracking/route_tracker.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "net/interface_monitor.hpp"
#include "net/route_monitor.hpp"
#include "support/callback_guard.hpp"

namespace vrrp_xdp::tracking {
namespace {

using asio::posix::stream_descriptor;

/// Changes come in bursts, and a table may be long: so long is waited for the rest of a burst.
constexpr std::chrono::milliseconds kBurst(10);

class RouteTracker : public Tracker {
  public:
    RouteTracker(asio::io_context& io, net::RouteMonitor routes, net::InterfaceMonitor interfaces,
                 const config::WatchedRoute& watched, Report report)
        : routes_(std::move(routes)),
          interfaces_(std::move(interfaces)),
          route_bell_(io, routes_.event_fd()),
          interface_bell_(io, interfaces_.event_fd()),
          burst_(io),
          name_(watched.destination.to_string() + "/" + std::to_string(watched.prefix_length) + " in table " +
                std::to_string(watched.table)),
          report_(std::move(report)) {
        report_(find());
        follow_routes();
        follow_interfaces();
    }
    RouteTracker(const RouteTracker&) = delete;
    RouteTracker& operator=(const RouteTracker&) = delete;
    ~RouteTracker() override {
        route_bell_.release();
        interface_bell_.release();
    }

  private:
    void follow_routes() {
        route_bell_.async_wait(stream_descriptor::wait_read,
                               life_.guard([this](const asio::error_code& error) {
                                   if (error) return;
                                   if (routes_.update()) look_soon();
                                   follow_routes();
                               }));
    }

    /// IPv4 routes over an interface that goes down vanish without a message of their own.
    void follow_interfaces() {
        interface_bell_.async_wait(stream_descriptor::wait_read,
                                   life_.guard([this](const asio::error_code& error) {
                                       if (error) return;
                                       interfaces_.update();
                                       look_soon();
                                       follow_interfaces();
                                   }));
    }

    void look_soon() {
        if (std::exchange(is_looking_soon_, true)) return;
        burst_.expires_after(kBurst);
        burst_.async_wait(life_.guard([this](const asio::error_code& error) {
            if (error) return;
            is_looking_soon_ = false;
            report_(find());
        }));
    }

    Finding find() const {
        const auto there = routes_.look();
        if (!there) return {.up = false, .detail = there.error().what};
        if (!*there) return {.up = false, .detail = "there is no route to " + name_};
        return {.up = true, .detail = "there is a route to " + name_};
    }

    net::RouteMonitor routes_;
    net::InterfaceMonitor interfaces_;
    stream_descriptor route_bell_;
    stream_descriptor interface_bell_;
    asio::steady_timer burst_;
    bool is_looking_soon_ = false;
    std::string name_;
    Report report_;
    CallbackGuard life_;
};

}  // namespace

Result<std::unique_ptr<Tracker>> watch_route(asio::io_context& io, const config::WatchedRoute& watched,
                                             Report report) {
    auto routes = net::RouteMonitor::open({watched.destination, watched.prefix_length, watched.table});
    if (!routes) return tl::unexpected(routes.error());
    auto interfaces = net::InterfaceMonitor::open();
    if (!interfaces) return tl::unexpected(interfaces.error());
    return std::make_unique<RouteTracker>(io, std::move(*routes), std::move(*interfaces), watched,
                                          std::move(report));
}

}  // namespace vrrp_xdp::tracking

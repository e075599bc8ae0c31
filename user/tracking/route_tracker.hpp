// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <memory>

#include "config/trackers.hpp"
#include "support/result.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::tracking {

/// Reports before it returns, and at every change.
Result<std::unique_ptr<Tracker>> watch_route(asio::io_context& io, const config::WatchedRoute& watched,
                                             Report report);

}  // namespace vrrp_xdp::tracking

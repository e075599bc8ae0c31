// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <memory>

#include "config/trackers.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::tracking {

/// Reports before it returns and at every interval, and at once when the process that it found ends.
std::unique_ptr<Tracker> watch_process(asio::io_context& io, const config::WatchedProcess& watched,
                                       Report report);

}  // namespace vrrp_xdp::tracking

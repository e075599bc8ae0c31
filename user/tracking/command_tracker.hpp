// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <memory>

#include "config/trackers.hpp"
#include "support/result.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::tracking {

/// Runs the command at once and then again and again, never twice at a time. Reports after each run.
Result<std::unique_ptr<Tracker>> watch_command(asio::io_context& io, const config::WatchedCommand& watched,
                                               Report report);

}  // namespace vrrp_xdp::tracking

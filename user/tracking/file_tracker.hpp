// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <asio/io_context.hpp>
#include <memory>
#include <string>

#include "config/trackers.hpp"
#include "tracking/finding.hpp"

namespace vrrp_xdp::tracking {

/// Reads the number in the file.
Finding read_number(const std::string& path);

/// Reports before it returns and at every interval.
std::unique_ptr<Tracker> watch_file(asio::io_context& io, const config::WatchedFile& watched, Report report);

}  // namespace vrrp_xdp::tracking

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "protocol/types.hpp"

namespace vrrp_xdp::net {

/// Returns a time of the boot clock as ISO 8601 in UTC, to the second.
std::string calendar_time(protocol::TimePoint when);

}  // namespace vrrp_xdp::net

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "protocol/types.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::dataplane {

/// Returns how far CLOCK_BOOTTIME of this process is ahead of the one that BPF programs read, which is not
/// shifted in a time namespace. Zero if they are the same. Runs a program that is attached nowhere.
Result<protocol::Duration> boot_clock_shift();

/// Fails unless they are the same: a lease that is counted on one clock and ends on another ends too late, or
/// at once.
Result<void> check_boot_clock();

}  // namespace vrrp_xdp::dataplane

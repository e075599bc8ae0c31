// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "inspection/finding.hpp"

namespace vrrp_xdp::inspection {

/// Checks the features of the kernel, the capabilities of this process, and other VRRP daemons in this
/// network namespace. Changes nothing.
Findings inspect_host();

}  // namespace vrrp_xdp::inspection

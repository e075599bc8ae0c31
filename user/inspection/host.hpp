// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "inspection/finding.hpp"

namespace vrrp_xdp::inspection {

/// What the kernel can do, what this process may do, and who else speaks VRRP in this network namespace.
/// Changes nothing.
Findings inspect_host();

}  // namespace vrrp_xdp::inspection

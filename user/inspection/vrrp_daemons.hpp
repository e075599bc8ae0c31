// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace vrrp_xdp::inspection {

/// A process with a raw socket of protocol 112, as VRRP daemons have; vrrp-xdp itself has none.
struct VrrpDaemon {
    std::string program;  ///< its name, or "an unknown process" where it cannot be seen
    pid_t pid = 0;        ///< 0 if unknown
};

/// Returns the daemons with a socket in this network namespace.
std::vector<VrrpDaemon> find_vrrp_daemons();

}  // namespace vrrp_xdp::inspection

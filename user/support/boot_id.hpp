// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fstream>
#include <string>

namespace vrrp_xdp {

/// Returns the kernel's name for the time since the machine has started: another one after each start.
inline std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    file >> id;
    return id;
}

}  // namespace vrrp_xdp

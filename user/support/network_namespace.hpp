// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/stat.h>

#include <string>

namespace vrrp_xdp {

/// A name for the network namespace that this process is in, unique on the machine while that lives. It keys
/// pins and sockets, so that two routers which both call their interface eth0 never meet.
inline std::string network_namespace_name() {
    struct stat status {};
    stat("/proc/self/ns/net", &status);
    return "net-" + std::to_string(status.st_ino);
}

}  // namespace vrrp_xdp

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <sys/stat.h>

#include <string>

namespace vrrp_xdp {

/// Returns a name for the network namespace of this process, unique on the machine while the namespace
/// exists. It is a part of pins and sockets, so that two routers with an eth0 never conflict.
inline std::string network_namespace_name() {
    struct stat status {};
    stat("/proc/self/ns/net", &status);
    return "net-" + std::to_string(status.st_ino);
}

}  // namespace vrrp_xdp

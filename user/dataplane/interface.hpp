// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

namespace vrrp_xdp::dataplane {

struct Interface {
    std::string name;
    unsigned index;
    std::string kind;  ///< the kernel's word for a virtual device ("veth", "bridge" …), empty for hardware
};

}  // namespace vrrp_xdp::dataplane

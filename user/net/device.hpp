// SPDX-License-Identifier: BSD-2-Clause
// What changes of an interface while programs are on it.
#pragma once

#include <cstdint>
#include <optional>

namespace vrrp_xdp::net {

struct Device {
    std::uint64_t received_frames;  ///< by the device's own counter
    bool carrier;
};

/// Asks the kernel. Nothing if there is no such interface.
std::optional<Device> device_of(unsigned interface_index);

}  // namespace vrrp_xdp::net

// SPDX-License-Identifier: BSD-2-Clause
// What an interface and its driver can do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "support/result.hpp"

namespace vrrp_xdp::net {

/// Returns the name of the driver, as `ethtool -i` shows it; "unknown" if there is none.
std::string driver_of(const std::string& interface_name);

/// Returns whether the driver says that it runs XDP programs; nothing where the kernel cannot tell, as before
/// Linux 6.3.
std::optional<bool> supports_native_xdp(unsigned interface_index);

/// Returns why frames to any other MAC address than its own never reach the interface, as "is a macvlan in
/// bridge mode"; nothing if they do. name: of an interface that is not a VLAN device.
std::optional<std::string> limited_to_own_mac(const std::string& interface_name);

enum class UnicastFilter : std::uint8_t {
    Present,  ///< a further MAC address is let in, and no others
    Absent,   ///< a further MAC address makes the interface promiscuous
};

/// Adds a virtual MAC to the interface and takes it away again. Needs CAP_NET_RAW.
Result<UnicastFilter> try_unicast_filter(const std::string& interface_name);

}  // namespace vrrp_xdp::net

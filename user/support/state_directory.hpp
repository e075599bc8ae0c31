// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

namespace vrrp_xdp {

/// Where state is kept without a service manager.
inline constexpr const char* kStateRoot = "/var/lib/vrrp-xdp";

/// In the state directory, what has a directory for each network namespace that has a name.
inline constexpr const char* kNamedNamespaces = "netns";

/// Returns the directory of what lasts over a reboot for the instances of this network namespace: the service
/// manager's STATE_DIRECTORY, by default /var/lib/vrrp-xdp; below it one of their own for those of a network
/// namespace that has a name, as of `ip netns`.
std::filesystem::path state_directory();

}  // namespace vrrp_xdp

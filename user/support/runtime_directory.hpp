// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <filesystem>

namespace vrrp_xdp {

inline constexpr const char* kRuntimeRoot = "/run/vrrp-xdp";

/// Returns the directory of this network namespace's control sockets and locks.
std::filesystem::path runtime_directory();

/// Removes it if nothing is left in it.
void remove_empty_runtime_directory();

}  // namespace vrrp_xdp

// SPDX-License-Identifier: BSD-2-Clause
// More of what the map port notes, beside enum vrrp_xdp_port_flags, for who attaches or detaches next.
#pragma once

#include <cstdint>

namespace vrrp_xdp::dataplane {

inline constexpr std::uint32_t kKeptLro = 1U << 8;  ///< turned off by generic XDP, ours to turn on again
inline constexpr std::uint32_t kKeptHardwareGro = 1U << 9;  ///< so is rx-gro-hw
/// Frames come in by the clsact program: there is no link.
inline constexpr std::uint32_t kByClsact = 1U << 10;

}  // namespace vrrp_xdp::dataplane

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "inspection/finding.hpp"

namespace vrrp_xdp::inspection {

/// Whether the host's addresses matter: the host has virtual addresses itself, as their owner or with
/// accept-mode.
enum class HoldsAddresses : std::uint8_t { No, Perhaps };

/// Where the kernel answers ARP or Neighbour Discovery of this LAN by itself, with the MAC of a card:
/// warnings alone. It does so beside the programs, which see only what comes in at their own interface.
Findings inspect_kernel_answers(const std::string& interface, HoldsAddresses holds);

}  // namespace vrrp_xdp::inspection

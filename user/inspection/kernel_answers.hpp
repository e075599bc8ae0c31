// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "inspection/finding.hpp"

namespace vrrp_xdp::inspection {

/// Whether the host's addresses matter: the host has virtual addresses itself, as their owner or with
/// accept-mode.
enum class HoldsAddresses : std::uint8_t { No, Perhaps };

/// Finds where the kernel itself answers ARP or Neighbour Discovery of this LAN with the MAC of a card;
/// returns only warnings. The programs cannot prevent this, because they see only what arrives at their own
/// interface.
Findings inspect_kernel_answers(const std::string& interface, HoldsAddresses holds);

}  // namespace vrrp_xdp::inspection

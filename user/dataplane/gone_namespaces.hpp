// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace vrrp_xdp::dataplane {

/// Removes the pins of network namespaces that are gone, which nobody can name any more: no process is in
/// them, no mount keeps them, and the programs that are pinned there are on no interface. Does nothing where
/// not all processes can be seen.
void remove_pins_of_gone_namespaces();

}  // namespace vrrp_xdp::dataplane

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "controller/managed_port.hpp"
#include "controller/messages.hpp"

namespace vrrp_xdp::controller {

/// Writes down what the protocol thread noticed, in a line that a person on call can act on. For the ordinary
/// thread; of the ports it reads only names and configuration.
void write_to_journal(const Notice& notice, const std::vector<std::unique_ptr<ManagedPort>>& ports);

}  // namespace vrrp_xdp::controller

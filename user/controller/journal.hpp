// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "controller/managed_interface.hpp"
#include "controller/messages.hpp"

namespace vrrp_xdp::controller {

/// Writes down what the protocol thread noticed, in a line that a person on call can act on. For the ordinary
/// thread; of the interfaces it reads only names and
/// configuration.
void write_to_journal(const Notice& notice, const ManagedInterfaces& interfaces);

}  // namespace vrrp_xdp::controller

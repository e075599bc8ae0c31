// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "directives/directive.hpp"

namespace vrrp_xdp::keepalived {

/// Where the file asks for signed advertisements, wherever that stands, and why it is not carried over: a
/// configuration that only left it out would make two routers Active. In the order of the file.
std::vector<Remark> refusals_of_signing(const std::vector<Directive>& file);

}  // namespace vrrp_xdp::keepalived

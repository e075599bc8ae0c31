// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "directives/directive.hpp"

namespace vrrp_xdp::keepalived {

/// Returns where the file requests signed advertisements, at any place, and why this is not carried over: a
/// configuration without it would make two routers Active. In the order of the file.
std::vector<Remark> refusals_of_signing(const std::vector<Directive>& file);

}  // namespace vrrp_xdp::keepalived

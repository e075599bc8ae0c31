// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <set>
#include <string>

namespace vrrp_xdp::keepalived {

/// A name as the configuration takes it, 1 to 32 letters, digits, "-", "_" or ".", out of one of
/// keepalived's, which may be of anything. taken: those that others have; the new one joins them.
std::string name_from(const std::string& name, std::set<std::string>& taken);

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <set>
#include <string>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// A name as the configuration takes it, 1 to 32 letters, digits, "-", "_" or ".", out of one of
/// keepalived's, which may be of anything. taken: those that others have; the new one joins them.
std::string name_from(const std::string& name, std::set<std::string>& taken);

/// Whether the block of an instance or a group has exactly one name, which is not among the taken ones; it
/// joins them. Else keepalived ignores the block, which is told.
bool has_name_of_its_own(const Directive& block, std::set<std::string>& taken, Notes& notes);

}  // namespace vrrp_xdp::keepalived

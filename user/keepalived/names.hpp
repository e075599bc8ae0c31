// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <set>
#include <string>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// Returns a valid name of the configuration, 1 to 32 letters, digits, "-", "_" or ".", for one of
/// keepalived's, which may contain anything. taken: the names of others, to which the new one is added.
std::string name_from(const std::string& name, std::set<std::string>& taken);

/// Returns whether the block of an instance or a group has exactly one name, which is not among the taken
/// ones, and adds it there. Otherwise keepalived ignores the block, which is noted.
bool has_name_of_its_own(const Directive& block, std::set<std::string>& taken, Notes& notes);

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
// What keepalived knows and vrrp-xdp does not take over, and what to do instead.
#pragma once

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"

namespace vrrp_xdp::keepalived {

/// Where a directive stands.
enum class Scope { File, Globals, SyncGroup, Instance };

/// Tells why a directive is not carried over.
void tell_left_out(const Directive& directive, Scope scope, Notes& notes);

}  // namespace vrrp_xdp::keepalived

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::keepalived {

/// Returns the result of the authentication blocks of an instance, in which the last value of each kind
/// counts. No note quotes a password.
std::optional<protocol::SharedSecret> authentication_of(const std::vector<Directive>& blocks,
                                                        protocol::Version version, bool is_strict,
                                                        Notes& notes);

/// Returns whether the blocks request an Authentication Header: keepalived then begins as Backup.
bool asks_for_header(const std::vector<Directive>& blocks, protocol::Version version);

}  // namespace vrrp_xdp::keepalived

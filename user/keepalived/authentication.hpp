// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <vector>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"
#include "protocol/advertisement.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::keepalived {

/// What the authentication blocks of an instance come to, the last word of each kind counting. No note quotes
/// a password.
std::optional<protocol::SharedSecret> authentication_of(const std::vector<Directive>& blocks,
                                                        protocol::Version version, bool is_strict,
                                                        Notes& notes);

/// Whether the blocks ask for an Authentication Header, with which keepalived begins as Backup always.
bool asks_for_header(const std::vector<Directive>& blocks, protocol::Version version);

}  // namespace vrrp_xdp::keepalived

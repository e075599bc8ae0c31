// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "directives/directive.hpp"
#include "keepalived/notes.hpp"
#include "protocol/types.hpp"

namespace vrrp_xdp::keepalived {

/// Whether other routers hear of an address: of those of virtual_ipaddress, and not of those of
/// virtual_ipaddress_excluded.
enum class IsAdvertised : bool { No, Yes };

/// Returns the address of such a line: "192.0.2.254/24 dev eth0 label eth0:1". Notes what of it is not
/// carried over; nothing if the address itself is not. interface: of the instance.
std::optional<protocol::IpAddress> read_virtual_address(const Directive& line, const std::string& interface,
                                                        IsAdvertised advertised, Notes& notes);

/// Returns why keepalived itself takes no address from such a line, in words that begin so; empty if it does.
/// Whether the first word is an address is not its subject.
std::string_view objection_of_keepalived(const Directive& line);

}  // namespace vrrp_xdp::keepalived

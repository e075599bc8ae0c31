// SPDX-License-Identifier: BSD-2-Clause
// The status as RFC 8347 models it: YANG module ietf-vrrp, in the JSON of RFC 7951.
#pragma once

#include <nlohmann/json.hpp>

namespace vrrp_xdp::status {

/// An instance document: ietf-interfaces with what ietf-vrrp adds to ietf-ip, and the global node of
/// ietf-vrrp. interfaces: a list of what status_of() says; dead ones are left out. What the model has no room
/// for is left out too: the owner's priority, IPv4 addresses after the 16th, IPv6 ones after the second.
nlohmann::json yang_document(const nlohmann::json& interfaces);

}  // namespace vrrp_xdp::status

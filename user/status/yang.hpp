// SPDX-License-Identifier: BSD-2-Clause
// The status as RFC 8347 models it: YANG module ietf-vrrp, in the JSON of RFC 7951.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "status/model.hpp"

namespace vrrp_xdp::status {

/// An instance document: ietf-interfaces with what ietf-vrrp adds to ietf-ip, and the global node of
/// ietf-vrrp. Dead instances are left out, and what the model has no room for: the owner's priority, IPv4
/// addresses after the 16th, IPv6 ones after the second.
nlohmann::json yang_document(const std::vector<Interface>& interfaces);

}  // namespace vrrp_xdp::status

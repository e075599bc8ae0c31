// SPDX-License-Identifier: BSD-2-Clause
// The status as RFC 8347 models it: YANG module ietf-vrrp, in the JSON of RFC 7951.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "status/model.hpp"

namespace vrrp_xdp::status {

/// Returns an instance document: ietf-interfaces with the additions of ietf-vrrp to ietf-ip, and the global
/// node of ietf-vrrp. Leaves out dead instances, and what the model cannot express: the owner's priority,
/// IPv4 addresses after the 16th, IPv6 addresses after the second.
nlohmann::json yang_document(const std::vector<Interface>& interfaces);

}  // namespace vrrp_xdp::status

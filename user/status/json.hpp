// SPDX-License-Identifier: BSD-2-Clause
// The model as JSON, for the control socket and `status --json`: RFC 8347's words where it has them,
// durations in milliseconds.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "status/advice.hpp"
#include "status/explanation.hpp"
#include "status/model.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::status {

nlohmann::json to_json(const Interface& interface);

/// Returns an object with the list "interfaces": the output of `vrrp-xdp status --json`, and the answer to
/// "status-all".
nlohmann::json to_json(const std::vector<Interface>& interfaces);

/// Parses an instance's answer, which may have another version: ignores unknown keys, and fails if a required
/// one is missing or has another type.
Result<Interface> from_json(const nlohmann::json& interface);
Result<std::vector<Interface>> list_from_json(const nlohmann::json& interfaces);

/// Returns the counters and their owners for `vrrp-xdp stats --json`.
nlohmann::json counters_to_json(const std::vector<Interface>& interfaces);

/// Returns the JSON of `vrrp-xdp explain --json`, for one Virtual Router.
nlohmann::json to_json(const Interface& interface, const VirtualRouter& router,
                       const Explanation& explanation);

/// As `vrrp-xdp advise --json` has it, of one Virtual Router.
nlohmann::json to_json(const Interface& interface, const VirtualRouter& router, const Advice& advice);

}  // namespace vrrp_xdp::status

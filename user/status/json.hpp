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

/// An object with the list "interfaces": what `vrrp-xdp status --json` prints, and the answer to
/// "status-all".
nlohmann::json to_json(const std::vector<Interface>& interfaces);

/// What an instance answered, which may be of another version: what this one does not know is left out, and
/// what it needs and does not find, or finds to be of another kind, is an error.
Result<Interface> from_json(const nlohmann::json& interface);
Result<std::vector<Interface>> list_from_json(const nlohmann::json& interfaces);

/// As `vrrp-xdp stats --json` has it: the counters, and what says whose they are.
nlohmann::json counters_to_json(const std::vector<Interface>& interfaces);

/// As `vrrp-xdp explain --json` has it, of one Virtual Router.
nlohmann::json to_json(const Interface& interface, const VirtualRouter& router,
                       const Explanation& explanation);

/// As `vrrp-xdp advise --json` has it, of one Virtual Router.
nlohmann::json to_json(const Interface& interface, const VirtualRouter& router, const Advice& advice);

}  // namespace vrrp_xdp::status

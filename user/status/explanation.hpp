// SPDX-License-Identifier: BSD-2-Clause
// Why a Virtual Router is in its state, in sentences for who has to decide what to do.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vrrp_xdp::status {

struct Explanation {
    std::string state;                  ///< what it is, since when and why
    std::vector<std::string> facts;     ///< who is heard, and what it has to say itself
    std::vector<std::string> next;      ///< what would have to happen for it to become something else
    std::vector<std::string> warnings;  ///< what somebody should look at
};

/// interface: what status_of() or status_of_remains() says of it. router: one of its Virtual Routers.
Explanation explain(const nlohmann::json& interface, const nlohmann::json& router);

}  // namespace vrrp_xdp::status

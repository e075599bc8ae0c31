// SPDX-License-Identifier: BSD-2-Clause
// Why a Virtual Router is in its state, in sentences for who has to decide what to do.
#pragma once

#include <string>
#include <vector>

#include "status/model.hpp"

namespace vrrp_xdp::status {

struct Explanation {
    std::string state;                  ///< what it is, since when and why
    std::vector<std::string> facts;     ///< who is heard, and what it has to say itself
    std::vector<std::string> next;      ///< what would have to happen for it to become something else
    std::vector<std::string> warnings;  ///< what somebody should look at
};

/// Explains the state of a Virtual Router of the interface.
Explanation explain(const Interface& interface, const VirtualRouter& router);

}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>
#include <string>

#include "plan/plan.hpp"
#include "protocol/state_machine.hpp"

namespace vrrp_xdp::plan {

/// Returns what becomes of a Virtual Router as a whole: "stays Active". state: that of now, if it is known.
std::string fate_of(const Change& change, std::optional<protocol::State> state);

/// Returns what another value of a key does, or nothing where it says all by itself.
std::string effect_of(const Difference& difference, const config::VirtualRouter& router,
                      std::optional<protocol::State> state);

}  // namespace vrrp_xdp::plan

// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "plan/plan.hpp"
#include "protocol/state_machine.hpp"

namespace vrrp_xdp::plan {

/// What is known of the router that the change is for.
struct Surroundings {
    /// The state of a Virtual Router, if it is known.
    std::function<std::optional<protocol::State>(const std::string& interface,
                                                 const config::VirtualRouter& router)>
        state_of;
    /// Whether there is an interface of this name.
    std::function<bool(const std::string& name)> has_interface;
};

/// A paragraph for each change: what becomes of the Virtual Router, and below it each key that differs, with
/// what that does.
std::string text_of(const Plan& plan, const Surroundings& surroundings);

/// "1 Virtual Router begins, 2 change, 5 go on as they are"
std::string summary_of(const Plan& plan);

}  // namespace vrrp_xdp::plan

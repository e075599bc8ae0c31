// SPDX-License-Identifier: BSD-2-Clause
// The model in words, as the commands print it.
#pragma once

#include <string>
#include <vector>

#include "status/explanation.hpp"
#include "status/model.hpp"

namespace vrrp_xdp::status {

/// Returns "active", "backup" or "initialize"; "leaving" for an Active Router that has sent a farewell.
std::string shown_state(const RunningRouter& router);

/// Returns the text of `vrrp-xdp status`: a headline, and a table of the Virtual Routers.
std::string status_text(const Interface& interface);

enum class Zeros : std::uint8_t { LeaveOut, Show };
/// Returns the text of `vrrp-xdp stats`: a table for each port and each Virtual Router.
std::string counters_text(const std::vector<Interface>& interfaces, Zeros zeros);

/// Until when one is drained and why, to stand behind "drained"; empty where neither is known.
std::string drain_text(const RunningRouter& router);

/// As `vrrp-xdp explain` has it, a sentence on each line.
std::string explanation_text(const Explanation& explanation);

/// Returns lines of `vrrp-xdp watch`, without their ends: the heads of the columns, and a Virtual Router that
/// runs.
std::string watch_heads();
std::string watch_line(const std::string& interface, const VirtualRouter& router);

}  // namespace vrrp_xdp::status

// SPDX-License-Identifier: BSD-2-Clause
// What became of a reload: a line in the journal, and the answer to who asked for it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "daemon/reload.hpp"
#include "reporting/events.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::daemon {

nlohmann::json tell_mistakes(reporting::Events& events, const std::string& file,
                             const std::vector<config::Mistake>& mistakes);
nlohmann::json tell_refusal(reporting::Events& events, const Error& error);
nlohmann::json tell_reload(reporting::Events& events, const std::string& file, const Differences& differences,
                           const std::vector<std::string>& warnings);

}  // namespace vrrp_xdp::daemon

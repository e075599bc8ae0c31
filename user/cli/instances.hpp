// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control/control_socket.hpp"
#include "status/model.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::cli {

/// What is said of an interface at its control socket; nothing if no instance answers there.
using Answer = Result<std::optional<status::Interface>>;

/// By the name of the interface, for each that has a control socket. An instance is asked once for all that
/// it serves. patience: with each of them.
std::map<std::string, Answer> ask_instances(std::chrono::seconds patience = control::kPatience);

/// What every instance of this network namespace says of its interfaces, and what dead ones left: sockets
/// that nobody answers, and pins of ports that nobody serves. By name.
Result<std::vector<status::Interface>> look_at_interfaces();

/// As text for a program, with line breaks. What is not UTF-8, as an interface's name may be, is replaced.
std::string printed(const nlohmann::json& json);

}  // namespace vrrp_xdp::cli

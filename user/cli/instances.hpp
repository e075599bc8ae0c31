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

/// Returns the answers by the name of the interface, for each that has a control socket. Asks an instance
/// once for everything that it serves. patience: the time limit for each of them.
std::map<std::string, Answer> ask_instances(std::chrono::seconds patience = control::kPatience);

/// Returns the status of every interface in this network namespace, by name: what instances answer, and what
/// dead ones left (sockets without an answer, and pins of ports that no instance serves).
Result<std::vector<status::Interface>> look_at_interfaces();

/// Returns the JSON as text with line breaks. Replaces bytes that are not UTF-8, which the name of an
/// interface may contain.
std::string printed(const nlohmann::json& json);

}  // namespace vrrp_xdp::cli

// SPDX-License-Identifier: BSD-2-Clause
// What the operator has drained, in a file for each interface, so that a crash, a restart and a reboot do not
// end it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "protocol/types.hpp"
#include "support/result.hpp"

namespace vrrp_xdp::maintenance {

struct DrainRecord {
    using Time = std::chrono::sys_seconds;

    std::optional<protocol::Vrid> vrid{};  ///< of both families; nothing for all of the interface
    std::optional<Time> until{};           ///< nothing: until the operator says otherwise
    std::string reason{};                  ///< the operator's; may be empty

    friend bool operator==(const DrainRecord&, const DrainRecord&) = default;
};

/// Returns what was written for the interface; nothing where there is no file, or it was written since the
/// last boot in another network namespace.
Result<std::vector<DrainRecord>> read_drains(const std::string& interface);

/// Writes these in place of what was written before: all of them, or none if it fails. Without any, there is
/// no file. On disk once it returns.
Result<void> write_drains(const std::string& interface, const std::vector<DrainRecord>& drains);

}  // namespace vrrp_xdp::maintenance
